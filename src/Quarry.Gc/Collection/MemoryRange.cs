namespace Quarry.Gc;

/// <summary>A range of addresses.</summary>
internal unsafe struct MemoryRange
{
    public byte* Start;

    /// <summary>The first address after the range.</summary>
    public byte* End;
}
