namespace Quarry;

/// <summary>What stands in memory of the allocator for each collection.</summary>
internal struct CollectionHeader<TBody, TAllocator>
    where TBody : unmanaged, ICollectionBody
    where TAllocator : unmanaged, IAllocator
{
    // A general-purpose allocator keeps its links in the first two words of a free block. They stay out of
    // use, so that a handle of a disposed collection reads the serial number that Dispose left, not a link.
#pragma warning disable CS0169, CA1823, IDE0051 // there for their size alone
    private readonly nuint _link;
    private readonly nuint _otherLink;
#pragma warning restore CS0169, CA1823, IDE0051

    /// <summary>Differs from that of every other collection there was; 0 once it is disposed.</summary>
    public nuint Serial;

    public TBody Body;

    public TAllocator Allocator;
}
