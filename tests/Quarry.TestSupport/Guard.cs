using System;
using System.IO;

namespace Quarry.TestSupport;

/// <summary>The small program between this process and each program that it waits for: see guard.c.</summary>
internal static class Guard
{
    private static readonly Lazy<string> s_path = new(Build);

    internal static string Path => s_path.Value;

    // Written beside and moved: another test process may be running the one that is there.
    private static string Build()
    {
        string source = System.IO.Path.Combine(Repository.Root, "tests", "Quarry.TestSupport", "guard.c");
        string output = System.IO.Path.Combine(Repository.TestOutput, "guard");
        if (!File.Exists(output) || File.GetLastWriteTimeUtc(output) < File.GetLastWriteTimeUtc(source))
        {
            string fresh = $"{output}.{Environment.ProcessId}";
            Run compiler = new("cc", "-O1", "-Wall", "-Wextra", "-Werror", source, "-o", fresh);
            using BackgroundRun run = compiler.Begin();
            _ = run.End().ExpectSuccess();
            File.Move(fresh, output, overwrite: true);
        }

        return output;
    }
}
