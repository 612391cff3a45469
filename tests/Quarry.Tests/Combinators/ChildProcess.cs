using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Runtime.CompilerServices;
using Quarry.Sdk.Tests;

namespace Quarry.Tests.Combinators;

/// <summary>
/// A test that ran in a process of its own, as it ends it or needs other settings of the runtime.
/// </summary>
internal sealed record ChildProcess(int ExitCode, string Error)
{
    /// <summary>Runs a <see cref="ChildFactAttribute"/> test of the class this is called from.</summary>
    internal static ChildProcess Run(
        string test, Dictionary<string, string>? environment = null, [CallerFilePath] string file = "")
    {
        string className = $"Quarry.Tests.{Folder(file)}.{Path.GetFileNameWithoutExtension(file)}";
        string[] arguments =
        [
            "exec", typeof(ChildProcess).Assembly.Location,
            "-explicit", "only", "-method", $"{className}.{test}",
        ];
        Result result = Execution.Run(
            "dotnet", arguments, [.. (environment ?? []).Select(pair => (pair.Key, pair.Value))]);
        return new ChildProcess(result.ExitCode, result.Errors);
    }

    private static string Folder(string file) => Path.GetFileName(Path.GetDirectoryName(file))!;
}
