namespace Quarry;

/// <summary>Makes an allocator that has to be made before it can serve.</summary>
/// <typeparam name="TAllocator">The allocator.</typeparam>
public interface IAllocatorFactory<TAllocator> where TAllocator : unmanaged, IAllocator
{
    /// <summary>Makes the allocator, for the rest of the process.</summary>
    /// <returns>False if there is no memory for it.</returns>
    static abstract bool TryCreate(out TAllocator allocator);
}
