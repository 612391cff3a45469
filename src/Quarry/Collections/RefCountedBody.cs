namespace Quarry;

/// <summary>What a shared value keeps: itself, and how many own it.</summary>
internal struct RefCountedBody<T> : ICollectionBody where T : unmanaged
{
    public T Value;
    public nuint Count;

    /// <inheritdoc/>
    public static string TypeName => "NativeRefCounted";

    /// <inheritdoc/>
    public readonly void Free<TAllocator>(TAllocator allocator) where TAllocator : unmanaged, IAllocator
    {
    }
}
