namespace Quarry;

/// <summary>
/// What a collection keeps about itself, behind a <see cref="CollectionHandle{TBody,TAllocator}"/>.
/// </summary>
internal unsafe interface ICollectionBody
{
    /// <summary>The name of the collection, for exceptions.</summary>
    static abstract string TypeName { get; }

    /// <summary>Gives the memory that the body refers to back, when the collection is disposed.</summary>
    void Free<TAllocator>(TAllocator allocator) where TAllocator : unmanaged, IAllocator;
}
