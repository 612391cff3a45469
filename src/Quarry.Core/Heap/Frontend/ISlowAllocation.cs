namespace Quarry;

/// <summary>What a caller does if a block cannot be allocated without a call.</summary>
internal unsafe interface ISlowAllocation
{
    /// <summary>Allocates a block of at least <paramref name="size"/> bytes, or fails.</summary>
    /// <param name="size">The number of bytes.</param>
    /// <param name="thread">The thread word.</param>
    static abstract void* Allocate(nuint size, void* thread);
}
