namespace Quarry;

/// <summary>Creates an allocator that requires initialization.</summary>
/// <typeparam name="TAllocator">The type of the allocator.</typeparam>
public interface IAllocatorFactory<TAllocator> where TAllocator : unmanaged, IAllocator
{
    /// <summary>Creates the allocator, for the rest of the process.</summary>
    /// <param name="allocator">The created allocator.</param>
    /// <returns><see langword="false"/> if the system is out of memory.</returns>
    static abstract bool TryCreate(out TAllocator allocator);
}
