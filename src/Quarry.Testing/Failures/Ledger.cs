using System.Runtime.InteropServices;

namespace Quarry.Testing;

/// <summary>A heap that has each block in use written down: what is left at the end has leaked.</summary>
/// <remarks>
/// What <see cref="FailureInjection"/> gives its action to allocate from. Thread-safe, by a lock. The value
/// is a handle to books that the test disposes.
/// </remarks>
public readonly unsafe struct Ledger : IAllocator
{
    private readonly nint _books;

    private Ledger(LedgerBooks books) => _books = GCHandle.ToIntPtr(GCHandle.Alloc(books));

    /// <inheritdoc/>
    public static AllocatorTraits Traits => Heap.Traits;

    internal LedgerBooks Books => (LedgerBooks)GCHandle.FromIntPtr(_books).Target!;

    private Heap Heap => Books.Heap;

    /// <inheritdoc/>
    public void* Allocate(Layout layout) => Books.Enter(Heap.Allocate(layout), layout);

    /// <inheritdoc/>
    public void* AllocateZeroed(Layout layout) => Books.Enter(Heap.AllocateZeroed(layout), layout);

    /// <inheritdoc/>
    public void Deallocate(void* block, Layout layout)
    {
        if (block != null && Books.TryStrike(block))
        {
            Heap.Deallocate(block, layout);
        }
    }

    /// <inheritdoc/>
    public void* Reallocate(void* block, Layout layout, nuint newSize)
    {
        // Struck out first: once it has moved, another thread may get its address.
        if (!Layout.TryCreate(newSize, layout.Alignment, out Layout newLayout)
            || (block != null && !Books.TryStrike(block)))
        {
            return null;
        }

        void* moved = Heap.Reallocate(block, layout, newSize);
        _ = moved == null ? Books.Enter(block, layout) : Books.Enter(moved, newLayout);
        return moved;
    }

    /// <inheritdoc/>
    public bool TryResize(void* block, Layout layout, nuint newSize)
    {
        bool resized = Layout.TryCreate(newSize, layout.Alignment, out Layout newLayout)
            && Heap.TryResize(block, layout, newSize);
        if (resized)
        {
            _ = Books.Enter(block, newLayout);
        }

        return resized;
    }

    /// <inheritdoc/>
    public nuint UsableSize(void* block, Layout layout) => Heap.UsableSize(block, layout);

    /// <inheritdoc/>
    public bool Owns(void* block) => Heap.Owns(block);

    /// <inheritdoc/>
    public void DeallocateAll()
    {
    }

    internal static Ledger Create() => new(new LedgerBooks());

    /// <summary>Gives all memory back, leaked blocks included.</summary>
    internal void Dispose()
    {
        Heap.Dispose();
        GCHandle.FromIntPtr(_books).Free();
    }
}
