using System;

namespace Quarry.Malloc;

/// <summary>The parts of a report, selected by letters as in jemalloc.</summary>
/// <remarks>
/// The letter <c>h</c> omits a part that this report does not have, huge-page arenas. Unknown letters are
/// ignored.
/// </remarks>
internal readonly struct ReportParts(ReadOnlySpan<byte> letters)
{
    internal bool IsJson { get; } = letters.IndexOf((byte)'J') >= 0;

    /// <summary>The version, the build, the options, and the properties of arenas.</summary>
    internal bool General { get; } = letters.IndexOf((byte)'g') < 0;

    /// <summary>The arenas, one by one.</summary>
    internal bool EachArena { get; } = letters.IndexOf((byte)'a') < 0;

    /// <summary>All arenas together; with only one arena, in its place.</summary>
    internal bool Merged { get; } = letters.IndexOf((byte)'m') < 0
        && (letters.IndexOf((byte)'a') >= 0 || Arenas.CountLive() > 1 || Snapshots.HasDestroyed);

    /// <summary>The destroyed arenas together, if there are any.</summary>
    internal bool Destroyed { get; } = letters.IndexOf((byte)'d') < 0 && Snapshots.HasDestroyed;

    internal bool Bins { get; } = letters.IndexOf((byte)'b') < 0;

    internal bool Large { get; } = letters.IndexOf((byte)'l') < 0;

    internal bool Mutexes { get; } = letters.IndexOf((byte)'x') < 0;

    internal bool Extents { get; } = letters.IndexOf((byte)'e') < 0;
}
