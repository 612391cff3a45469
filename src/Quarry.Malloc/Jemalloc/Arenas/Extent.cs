namespace Quarry.Malloc;

/// <summary>A range of memory that extent hooks have provided.</summary>
internal unsafe struct Extent
{
    /// <summary>The first byte.</summary>
    public byte* Start;

    /// <summary>The size, in bytes.</summary>
    public nuint Size;

    /// <summary>Whether the memory is accessible.</summary>
    public bool IsCommitted;

    /// <summary>Whether the memory reads as zeros.</summary>
    public bool IsZeroed;

    internal readonly byte* End => Start + Size;
}
