namespace Quarry;

/// <summary>A search for a run of slices, see <see cref="RunHints"/>.</summary>
internal struct RunSearch
{
    /// <summary>
    /// The length and alignment of the run, as in a hint; 0 if no hint can hold the length.
    /// </summary>
    public ulong Key;

    /// <summary>The index of the hint.</summary>
    public int Index;

    /// <summary>The hint when the search began; it may be for another length or alignment.</summary>
    public ulong Seen;

    /// <summary>The number of frees when the search began.</summary>
    public nuint Frees;
}
