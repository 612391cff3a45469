namespace Quarry;

/// <summary>What an entry of a <see cref="HashTable{TKey,TItem}"/> holds.</summary>
/// <remarks>
/// It tells where its key is, as the order of its fields is not promised: the runtime lays out by its own
/// rules what holds a tuple or a date.
/// </remarks>
internal unsafe interface IHashItem<TItem, TKey>
    where TItem : unmanaged
    where TKey : unmanaged
{
    /// <summary>The name of the collection of such items, for exceptions.</summary>
    static abstract string CollectionName { get; }

    /// <summary>Where the key of an item is.</summary>
    static abstract TKey* KeyOf(TItem* item);
}
