using System.Collections.Generic;

namespace Quarry.TestSupport;

/// <summary>The compilers for Linux on arm64, and the emulator that runs what they make.</summary>
public static class Arm64Tools
{
    public const string Triple = "aarch64-linux-gnu";

    /// <summary>A tool for arm64; the test is skipped, naming it, where there is none.</summary>
    public static string Require(string name) => Tool.Require($"{Triple}-{name}");

    /// <summary>The emulator, with the arguments that stand before the program.</summary>
    /// <param name="program">The program.</param>
    /// <param name="arguments">The arguments of the program.</param>
    /// <param name="preload">The library to preload, or null.</param>
    /// <param name="pageSize">The size of the pages of the emulated kernel.</param>
    public static (string Program, string[] Arguments) Emulator(
        string program, IEnumerable<string> arguments, string? preload = null, int pageSize = 4096)
    {
        // The emulator itself must not preload the library.
        string[] environment =
            preload is null ? [] : ["-E", $"LD_PRELOAD={preload}", "-E", $"CHECK_LIBRARY={preload}"];
        return (Tool.Require("qemu-aarch64"),
            ["-L", $"/usr/{Triple}", "-p", $"{pageSize}", .. environment, program, .. arguments]);
    }
}
