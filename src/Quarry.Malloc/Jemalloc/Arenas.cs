namespace Quarry.Malloc;

/// <summary>The arenas of the process, in jemalloc's numbering.</summary>
/// <remarks>The heap of the process is arena 0, and there are no others.</remarks>
internal static class Arenas
{
    /// <summary>The number of arenas.</summary>
    internal const uint Count = 1;

    /// <summary>The index that stands for all arenas together.</summary>
    internal const uint All = 4096;

    /// <summary>The index that stands for all destroyed arenas together.</summary>
    internal const uint Destroyed = 4097;

    /// <summary>
    /// Determines whether an index stands for all arenas; as in jemalloc, the number of arenas does too.
    /// </summary>
    internal static bool IsAll(nuint index) => index is Count or All;
}
