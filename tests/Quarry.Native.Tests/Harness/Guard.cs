namespace Quarry.Native.Tests.Harness;

/// <summary>The small program between this process and each program under test: see guard.c.</summary>
internal static class Guard
{
    public static string Path => Compiler.Build("guard.c");
}
