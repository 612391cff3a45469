namespace Quarry;

/// <summary>What checked builds know about a handle, in memory that is never unmapped.</summary>
internal unsafe struct CollectionSlot
{
    /// <summary>The body of the collection.</summary>
    public void* Body;

    /// <summary>The serial number in front of the body, which differs once the allocator frees it.</summary>
    public nuint SerialInHeader;
}
