using System.IO;

namespace Quarry.Tests.Windows;

/// <summary>Programs for Windows, run by Wine.</summary>
internal static class Wine
{
    // Where Debian's package has them; not in the path.
    private const string Program = "/usr/lib/wine/wine64", Server = "/usr/lib/wine/wineserver64";

    internal static bool IsInstalled => File.Exists(Program) && File.Exists(Server);

    /// <summary>Runs a program to its end.</summary>
    /// <param name="prefix">The folder in which Wine keeps its Windows.</param>
    /// <param name="arguments">The program and its arguments.</param>
    internal static Outcome Run(string prefix, params string[] arguments) =>
        Start(Program, prefix, arguments);

    /// <summary>Ends what Wine leaves running, and removes what it set up: hundreds of megabytes.</summary>
    internal static void End(string prefix)
    {
        _ = Start(Server, prefix, "--kill", "--wait");
        Directory.Delete(prefix, recursive: true);
    }

    private static Outcome Start(string program, string prefix, params string[] arguments)
    {
        Directory.CreateDirectory(prefix);
        return new Run(program, arguments) { Seconds = 300 }
            .With("DISPLAY", "").With("WINEPREFIX", prefix).With("WINEDEBUG", "-all")
            .With("WINEDLLOVERRIDES", "mshtml=").Start();
    }
}
