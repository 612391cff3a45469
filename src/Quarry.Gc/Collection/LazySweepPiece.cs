namespace Quarry.Gc;

/// <summary>A part of the heap that one thread sweeps, as offsets from the start of the heap.</summary>
internal struct LazySweepPiece
{
    public nuint Start;
    public nuint End;

    /// <summary>The end of the heap: the last gap of the piece may extend to it.</summary>
    public nuint HeapEnd;

    /// <summary>
    /// The last live object that starts before the piece; <see cref="MarkBits.None"/> if there is none.
    /// </summary>
    public nuint LastLive;
}
