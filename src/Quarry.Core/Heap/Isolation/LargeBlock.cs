namespace Quarry;

/// <summary>The record of a large block of an <see cref="IsolatedHeap"/>.</summary>
internal unsafe struct LargeBlock
{
    /// <summary>The block; its address is null if the record is unused.</summary>
    public IsolatedBlock Details;

    /// <summary>The mapping of the block with its inaccessible pages.</summary>
    public byte* Mapping;

    /// <summary>The size of the mapping, in bytes.</summary>
    public nuint MappingBytes;

    /// <summary>The record of the block if it is sampled; see <c>SampleRecords</c>.</summary>
    public nuint Sample;

    /// <summary>The next unused record, plus one.</summary>
    public uint NextPlusOne;

    /// <summary>Gets the first accessible page.</summary>
    internal readonly byte* First => (byte*)Layout.AlignDown((nuint)Details.Address, Os.PageSize);

    /// <summary>Gets the inaccessible page behind the block.</summary>
    internal readonly byte* End => Mapping + MappingBytes - Os.PageSize;
}
