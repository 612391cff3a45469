namespace Quarry;

/// <summary>A place for an item in a <see cref="HashTable{TKey,TItem}"/>.</summary>
/// <remarks>
/// The hash code is not kept, as it is in the BCL's tables: that of an unmanaged key is found again as fast
/// as it is read, and the entry is 4 bytes smaller.
/// </remarks>
internal struct HashEntry<TItem> where TItem : unmanaged
{
    /// <summary>Set in <see cref="Next"/> of an entry that is free, which is negative then.</summary>
    internal const uint FreeBit = 1u << 31;

    public TItem Item;

    /// <summary>The next entry of the bucket, or the next free one; 0 at the end.</summary>
    public uint Next;

    internal readonly bool IsUsed => (int)Next >= 0;
}
