using System;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Threading;

namespace Quarry.Tests.Windows;

/// <summary>A program, run to its end with all that it prints.</summary>
internal static class WineProcess
{
    /// <summary>Where Debian's package has it; not in the path.</summary>
    internal const string Wine = "/usr/lib/wine/wine64";

    private const string Server = "/usr/lib/wine/wineserver64";
    private const int TimeLimit = 300_000;

    internal static bool IsInstalled => File.Exists(Wine) && File.Exists(Server);

    internal static (int ExitCode, string Output) Run(string program, string? prefix, string[] arguments)
    {
        ProcessStartInfo start = new(program, arguments) { RedirectStandardOutput = true };

        // What the build of these tests left in the environment is not for the one inside them.
        foreach (string name in start.Environment.Keys.ToArray())
        {
            if (name.StartsWith("MSBUILD", StringComparison.OrdinalIgnoreCase) || name == "DISPLAY")
            {
                _ = start.Environment.Remove(name);
            }
        }

        start.Environment["MSBUILDDISABLENODEREUSE"] = "1";
        start.Environment["WINEPREFIX"] = prefix;
        start.Environment["WINEDEBUG"] = "-all";
        start.Environment["WINEDLLOVERRIDES"] = "mshtml=";
        if (prefix != null)
        {
            _ = System.IO.Directory.CreateDirectory(prefix);
        }

        using Process process = Process.Start(start)!;
        using Timer watch = new(_ => process.Kill(entireProcessTree: true), null, TimeLimit, -1);
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output);
    }

    /// <summary>Ends what Wine leaves running, and removes what it set up: hundreds of megabytes.</summary>
    internal static void End(string prefix)
    {
        _ = Run(Server, prefix, ["--kill", "--wait"]);
        System.IO.Directory.Delete(prefix, recursive: true);
    }
}
