namespace Quarry;

/// <summary>What a box keeps: the value itself.</summary>
internal struct BoxBody<T> : ICollectionBody where T : unmanaged
{
    public T Value;

    /// <inheritdoc/>
    public static string TypeName => "NativeBox";

    /// <inheritdoc/>
    public readonly void Free<TAllocator>(TAllocator allocator) where TAllocator : unmanaged, IAllocator
    {
    }
}
