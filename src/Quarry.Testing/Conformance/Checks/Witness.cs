namespace Quarry.Testing;

/// <summary>
/// Takes, changes and gives back blocks for a check, and looks at every step that what all allocators promise
/// is kept. Each operation answers whether it was; if not, <see cref="Violation"/> says what happened.
/// </summary>
/// <remarks>
/// Freestanding C#, as all of this folder: it tests allocators inside native images too. It counts what is
/// taken, so that an allocator of limited capacity is not asked for more.
/// </remarks>
internal unsafe struct Witness<TAllocator> where TAllocator : unmanaged, IAllocator
{
    private readonly TAllocator _allocator;
    private readonly nuint _overhead;
    private nuint _budget;
    private nuint _seeds;

    internal Witness(TAllocator allocator, ConformanceOptions options)
        : this(allocator, options, options.Capacity, 0)
    {
    }

    /// <param name="allocator">The allocator under test.</param>
    /// <param name="options">What it can do.</param>
    /// <param name="budget">This one's share of the capacity, in bytes.</param>
    /// <param name="seeds">Patterns begin beyond this.</param>
    internal Witness(TAllocator allocator, ConformanceOptions options, nuint budget, nuint seeds)
    {
        _allocator = allocator;
        _overhead = options.BlockOverhead;
        _budget = budget;
        _seeds = seeds;
    }

    /// <summary>What was found; none if all is well.</summary>
    internal Violation Violation { get; private set; }

    /// <summary>Whether the allocator has surely room for such a block.</summary>
    internal readonly bool Affords(nuint size, nuint alignment) => Cost(size, alignment) <= _budget;

    /// <summary>Takes a block that it affords, and fills it.</summary>
    internal bool Take(nuint size, nuint alignment, out Held held) =>
        Take(size, alignment, zeroed: false, out held);

    internal bool Take(nuint size, nuint alignment, bool zeroed, out Held held)
    {
        _ = Layout.TryCreate(size, alignment, out Layout layout);
        held = new Held { Layout = layout };
        held.Address = (byte*)(zeroed ? _allocator.AllocateZeroed(layout) : _allocator.Allocate(layout));
        if (held.Address == null)
        {
            return Broke(zeroed ? Promise.ServesZeroed : Promise.Serves, held, 0);
        }

        nuint nonZero = zeroed ? Pattern.FirstNonZero(held.Address, size) : size;
        if (nonZero != size)
        {
            return Broke(Promise.Zeroes, held, nonZero);
        }

        _budget -= Cost(size, alignment);
        return Accept(ref held);
    }

    /// <summary>Looks whether a block is as it was filled.</summary>
    internal bool Inspect(Held held)
    {
        nuint difference = Pattern.FirstDifference(held.Address, held.Usable, held.Seed);
        return difference == held.Usable || Broke(Promise.Keeps, held, difference);
    }

    internal bool Give(Held held) => Give(held, held.Layout);

    /// <summary>Gives a block back and tells the allocator that it had this layout.</summary>
    internal bool Give(Held held, Layout told)
    {
        bool intact = Inspect(held);
        _allocator.Deallocate(held.Address, told);
        Return(held.Layout);
        return intact;
    }

    internal bool Reallocate(ref Held held, nuint newSize) => Reallocate(ref held, newSize, held.Layout);

    /// <summary>Changes the size of a block that it affords twice, and fills it anew.</summary>
    internal bool Reallocate(ref Held held, nuint newSize, Layout told)
    {
        if (!Inspect(held))
        {
            return false;
        }

        byte* block = (byte*)_allocator.Reallocate(held.Address, told, newSize);
        if (block == null)
        {
            return Broke(Promise.ServesReallocation, held, newSize);
        }

        Held old = held;
        nuint alignment = old.Layout.Alignment;
        _ = Layout.TryCreate(newSize, alignment, out Layout layout);
        held.Address = block;
        held.Layout = layout;
        _budget -= Cost(newSize, alignment);
        Return(old.Layout);
        return IsKept(block, old, newSize, Promise.KeepsWhenReallocated) && Accept(ref held);
    }

    /// <summary>Tries to change the size of a block in place; fills it anew if that was done.</summary>
    internal bool Resize(ref Held held, nuint newSize, out bool resized)
    {
        resized = false;
        if (!Inspect(held))
        {
            return false;
        }

        resized = _allocator.TryResize(held.Address, held.Layout, newSize);
        if (!resized)
        {
            nuint difference = Pattern.FirstDifference(held.Address, held.Usable, held.Seed);
            return difference == held.Usable || Broke(Promise.KeepsWhenNotResized, held, difference);
        }

        Held old = held;
        _ = Layout.TryCreate(newSize, old.Layout.Alignment, out Layout layout);
        held.Layout = layout;
        _budget -= Cost(newSize, old.Layout.Alignment);
        Return(old.Layout);
        return IsKept(held.Address, old, newSize, Promise.KeepsWhenResized) && Accept(ref held);
    }

    /// <summary>The allocator has got all blocks back at once.</summary>
    internal void ReturnAll(ConformanceOptions options) => _budget = options.Capacity;

    /// <summary>Records a broken promise.</summary>
    /// <returns>False.</returns>
    internal bool Broke(Promise promise, Held held, nuint other)
    {
        Violation = new Violation
        {
            Promise = promise,
            Size = held.Layout.Size,
            Alignment = held.Layout.Alignment,
            Address = (nuint)held.Address,
            Other = other,
        };
        return false;
    }

    private bool Accept(ref Held held)
    {
        if (((nuint)held.Address & (held.Layout.Alignment - 1)) != 0)
        {
            return Broke(Promise.Aligns, held, 0);
        }

        held.Usable = _allocator.UsableSize(held.Address, held.Layout);
        held.Seed = ++_seeds;
        if (held.Usable < held.Layout.Size)
        {
            return Broke(Promise.UsableSizeCovers, held, held.Usable);
        }

        Pattern.Fill(held.Address, held.Usable, held.Seed);
        return true;
    }

    private bool IsKept(byte* block, Held old, nuint newSize, Promise promise)
    {
        nuint kept = old.Layout.Size < newSize ? old.Layout.Size : newSize;
        nuint difference = Pattern.FirstDifference(block, kept, old.Seed);
        Held moved = old;
        moved.Address = block;
        return difference == kept || Broke(promise, moved, difference);
    }

    private void Return(Layout layout)
    {
        if ((TAllocator.Traits & AllocatorTraits.Deallocates) != 0)
        {
            _budget += Cost(layout.Size, layout.Alignment);
        }
    }

    private readonly nuint Cost(nuint size, nuint alignment) => size + alignment + _overhead;
}
