using System.Collections.Generic;

namespace Quarry.Native.Tests.Harness;

/// <summary>Runs a program on the library under test with its system calls watched or made to fail.</summary>
internal static class Strace
{
    /// <summary>A run of <c>strace ARGUMENTS</c>, which end with the program and its own arguments.</summary>
    public static Run Trace(params IEnumerable<string> arguments)
    {
        string strace = Tool.RequireStrace();

        // Only the traced program gets the library: strace itself stays on the C library's malloc.
        string[] preload = LibraryUnderTest.Preload is { } library ? ["-E", $"LD_PRELOAD={library}"] : [];
        return new Run(strace, ["-f", "-qq", .. preload, .. arguments]);
    }
}
