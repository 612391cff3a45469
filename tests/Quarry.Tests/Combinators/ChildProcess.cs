using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Runtime.CompilerServices;
using System.Threading.Tasks;

namespace Quarry.Tests.Combinators;

/// <summary>
/// A test that ran in a process of its own, as it ends it or needs other settings of the runtime.
/// </summary>
internal sealed record ChildProcess(int ExitCode, string Error)
{
    private static readonly TimeSpan s_limit = TimeSpan.FromMinutes(2);

    /// <summary>Runs a <see cref="ChildFactAttribute"/> test of the class this is called from.</summary>
    internal static ChildProcess Run(
        string test, Dictionary<string, string>? environment = null, [CallerFilePath] string file = "")
    {
        string className = $"Quarry.Tests.{Folder(file)}.{Path.GetFileNameWithoutExtension(file)}";
        ProcessStartInfo start = new("dotnet")
        {
            ArgumentList =
            {
                "exec", typeof(ChildProcess).Assembly.Location,
                "-explicit", "only", "-method", $"{className}.{test}",
            },
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        };
        foreach ((string name, string value) in environment ?? [])
        {
            start.Environment[name] = value;
        }

        using Process process = Process.Start(start)!;
        Task<string> error = process.StandardError.ReadToEndAsync();
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        if (!process.WaitForExit(s_limit))
        {
            process.Kill();
        }

        process.WaitForExit();
        _ = output.Result;
        return new ChildProcess(process.ExitCode, error.Result);
    }

    private static string Folder(string file) => Path.GetFileName(Path.GetDirectoryName(file))!;
}
