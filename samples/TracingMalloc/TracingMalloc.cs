using Quarry;
using Inner = Quarry.Tracing<Quarry.Sized<Quarry.Segregate<
    Quarry.Bucketize<Quarry.Arena, Quarry.FourPerDoubling>, Quarry.PageAllocator, Quarry.Bytes.Of64K>>>;

namespace TracingMalloc;

/// <summary>Writes a line to standard error for every request, without allocating.</summary>
/// <remarks>
/// <c>TraceEvent.Read</c> parses the lines. The size of each block is stored in front of it, so that the line
/// for <c>free</c> also contains the size.
/// </remarks>
public readonly unsafe struct TracingMalloc : IAllocator, IAllocatorFactory<TracingMalloc>
{
    private readonly Inner _inner;

    private TracingMalloc(Inner inner) => _inner = inner;

    /// <inheritdoc/>
    public static AllocatorTraits Traits => Inner.Traits;

    /// <inheritdoc/>
    public static bool TryCreate(out TracingMalloc allocator)
    {
        bool created = Parts.GeneralPurpose.TryCreate(out var parts);
        allocator = created ? new TracingMalloc(new Inner(new(parts))) : default;
        return created;
    }

    /// <inheritdoc/>
    public void* Allocate(Layout layout) => _inner.Allocate(layout);

    /// <inheritdoc/>
    public void* AllocateZeroed(Layout layout) => _inner.AllocateZeroed(layout);

    /// <inheritdoc/>
    public void Deallocate(void* block, Layout layout) => _inner.Deallocate(block, Of(block, layout));

    /// <inheritdoc/>
    public void* Reallocate(void* block, Layout layout, nuint newSize) =>
        _inner.Reallocate(block, Of(block, layout), newSize);

    /// <inheritdoc/>
    public bool TryResize(void* block, Layout layout, nuint newSize) =>
        _inner.TryResize(block, Of(block, layout), newSize);

    /// <inheritdoc/>
    public nuint UsableSize(void* block, Layout layout) => _inner.UsableSize(block, layout);

    /// <inheritdoc/>
    public bool Owns(void* block) => _inner.Owns(block);

    /// <inheritdoc/>
    public void DeallocateAll() => _inner.DeallocateAll();

    private static Layout Of(void* block, Layout layout) =>
        block == null ? layout : Sized<TracingMalloc>.LayoutOf(block);
}
