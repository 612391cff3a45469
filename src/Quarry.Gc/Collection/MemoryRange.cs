namespace Quarry.Gc;

/// <summary>A range of addresses.</summary>
internal unsafe struct MemoryRange : IOrdered<MemoryRange>
{
    public byte* Start;

    /// <summary>The first address after the range.</summary>
    public byte* End;

    /// <inheritdoc/>
    /// <remarks>By addresses.</remarks>
    public readonly bool IsBefore(in MemoryRange other) => Start < other.Start;
}
