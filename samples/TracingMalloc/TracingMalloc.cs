using Quarry;
using Inner = Quarry.Tracing<Quarry.Sized<Quarry.Segregate<
    Quarry.Bucketize<Quarry.Arena, Quarry.FourPerDoubling>, Quarry.PageAllocator, Quarry.Bytes.Of64K>>>;

namespace TracingMalloc;

/// <summary>Writes a line to standard error for every request, and allocates nothing to do so.</summary>
/// <remarks>
/// <c>TraceEvent.Read</c> of the library reads the lines. The size of a block lies in front of it, which is
/// how a line about <c>free</c>, that names none, has one.
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
        bool made = Parts.GeneralPurpose.TryCreate(out var parts);
        allocator = made ? new TracingMalloc(new Inner(new(parts))) : default;
        return made;
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
