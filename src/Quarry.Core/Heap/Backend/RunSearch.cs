namespace Quarry;

/// <summary>A search for a run of slices, see <see cref="RunHints"/>.</summary>
internal struct RunSearch
{
    /// <summary>The length and alignment of the run, as in a hint; 0 if there is no hint for it.</summary>
    public ulong Key;

    /// <summary>The place of the hint.</summary>
    public int Index;

    /// <summary>The hint when the search began; perhaps for another length.</summary>
    public ulong Seen;

    /// <summary>The number of frees when the search began.</summary>
    public nuint Frees;
}
