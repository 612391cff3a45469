namespace Quarry;

/// <summary>What an array keeps: where its elements are.</summary>
internal unsafe struct ArrayBody<T> : ICollectionBody where T : unmanaged
{
    public T* Elements;
    public nint Length;

    /// <inheritdoc/>
    public static string TypeName => "NativeArray";

    /// <inheritdoc/>
    public readonly void Free<TAllocator>(TAllocator allocator) where TAllocator : unmanaged, IAllocator =>
        CollectionMemory.Free(allocator, Elements, Length);
}
