namespace Quarry;

/// <summary>A block as an <see cref="IAllocationTracker"/> sees it.</summary>
/// <param name="Address">Its address.</param>
/// <param name="Size">The bytes that were asked for.</param>
/// <param name="WrappedSize">
/// The bytes that it takes up in the allocator inside: with the header of the tracking, and with what the
/// allocator rounds up to.
/// </param>
/// <param name="Group">The group it was taken in.</param>
public readonly record struct TrackedBlock(
    nuint Address, nuint Size, nuint WrappedSize, AllocationGroup Group);
