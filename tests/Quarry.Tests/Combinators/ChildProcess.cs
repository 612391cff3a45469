using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Runtime.CompilerServices;

namespace Quarry.Tests.Combinators;

/// <summary>Tests in processes of their own: they end them, or need other settings of the runtime.</summary>
internal static class ChildProcess
{
    /// <summary>Runs a <see cref="ChildFactAttribute"/> test of the class this is called from.</summary>
    internal static Outcome Run(
        string test, Dictionary<string, string>? environment = null, [CallerFilePath] string file = "")
    {
        string className = $"Quarry.Tests.{Folder(file)}.{Path.GetFileNameWithoutExtension(file)}";
        string[] arguments =
        [
            "exec", typeof(ChildProcess).Assembly.Location,
            "-explicit", "only", "-method", $"{className}.{test}",
        ];
        return new Run(DotNet.Host, arguments)
            .With((environment ?? []).Select(pair => (pair.Key, pair.Value))).Start();
    }

    private static string Folder(string file) => Path.GetFileName(Path.GetDirectoryName(file))!;
}
