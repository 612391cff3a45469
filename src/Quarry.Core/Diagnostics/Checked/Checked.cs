namespace Quarry;

/// <summary>Detects misuse of the blocks of another allocator.</summary>
/// <remarks>
/// <para>
/// It detects blocks that are freed twice, freed with a wrong layout, or were never allocated; writes before
/// or after a block, and writes after it was freed; and leaks. Each violation is reported with the stacks
/// that allocated the block, freed it, and exposed the violation. Calls with invalid pointers are then
/// ignored, and wrong layouts are corrected, so they do no harm.
/// </para>
/// <para>
/// All records are stored apart from the blocks. Each block is surrounded by canaries, bytes of a known
/// value, which are verified when the block is freed, by <see cref="TryVerify"/>, and on disposal. A freed
/// block is filled, and kept in quarantine before it is reused. With <see cref="CheckedOptions.GuardPages"/>,
/// the hardware stops the program at an invalid access. A resized block always moves, so that uses of its old
/// address are detected.
/// </para>
/// <para>
/// As thread-safe as the inner allocator. Not for production: allocating and freeing a block takes about 250
/// ns and two stack traces, in .NET about 5 µs each. The records are protected by a spin lock: if a thread is
/// killed while it holds the lock, the other threads wait forever, and so does a child process that is forked
/// at that moment.
/// </para>
/// </remarks>
/// <typeparam name="TInner">The type of the inner allocator.</typeparam>
public readonly unsafe partial struct Checked<TInner> : IAllocator
    where TInner : unmanaged, IAllocator
{
    private readonly TInner _inner;
    private readonly StateHandle<CheckedState> _handle;

    private Checked(TInner inner, StateHandle<CheckedState> handle)
    {
        _inner = inner;
        _handle = handle;
    }

    /// <inheritdoc/>
    public static AllocatorTraits Traits => AllocatorTraits.KnowsOwnership
        | (TInner.Traits & (AllocatorTraits.Deallocates | AllocatorTraits.ThreadSafe
            | AllocatorTraits.KnowsSize | AllocatorTraits.DeallocatesAll));

    /// <summary>Gets the inner allocator.</summary>
    public TInner Inner => _inner;

    // Over an allocator that knows sizes, callers may pass the size 0, which is then not compared.
    private static bool MayOmitSize => (TInner.Traits & AllocatorTraits.KnowsSize) != 0;

    /// <summary>Creates a checked allocator.</summary>
    /// <param name="inner">
    /// The inner allocator. It is not disposed with this one, and must outlive it.
    /// </param>
    /// <param name="options">The checks to perform, and the response to violations.</param>
    /// <param name="value">The created allocator.</param>
    /// <returns>
    /// <see langword="false"/> if an option is out of range, or the system is out of memory.
    /// </returns>
    public static bool TryCreate(TInner inner, CheckedOptions options, out Checked<TInner> value)
    {
        value = default;
        if (!options.AreValid || !StateHandle<CheckedState>.TryCreate(out StateHandle<CheckedState> handle))
        {
            return false;
        }

        handle.Pointer->Options = options;
        OnCreated(handle.Pointer);
        value = new Checked<TInner>(inner, handle);
        return true;
    }

    /// <inheritdoc/>
    public void* Allocate(Layout layout) => Allocate(layout, zeroed: false);

    /// <inheritdoc/>
    public void* AllocateZeroed(Layout layout) => Allocate(layout, zeroed: true);

    /// <inheritdoc/>
    /// <remarks>An address that is not that of a live block is reported, and nothing is freed.</remarks>
    public void Deallocate(void* block, Layout layout)
    {
        if (block == null || !_handle.IsAlive)
        {
            return;
        }

        CheckedState* state = _handle.Pointer;
        nuint site = state->Site();
        CheckedBlock* claimed = state->Claim(block, layout, MayOmitSize, site);
        if (claimed != null)
        {
            Free(state, claimed, site);
        }
    }

    /// <inheritdoc/>
    public void* Reallocate(void* block, Layout layout, nuint newSize)
    {
        if (!_handle.IsAlive)
        {
            return null;
        }

        if (block == null)
        {
            return Layout.TryCreate(newSize, layout.Alignment, out Layout first) ? Allocate(first) : null;
        }

        CheckedState* state = _handle.Pointer;
        nuint site = state->Site();
        CheckedBlock* old = state->Claim(block, layout, MayOmitSize, site);
        if (old == null)
        {
            return null;
        }

        Layout oldLayout = old->Layout;
        void* moved = Layout.TryCreate(newSize, oldLayout.Alignment, out Layout newLayout)
            ? Allocate(newLayout, zeroed: false)
            : null;
        if (moved == null)
        {
            state->Unclaim(old);
            return null;
        }

        Memory.Copy(block, moved, oldLayout.Size < newSize ? oldLayout.Size : newSize);
        Free(state, old, site);
        return moved;
    }

    /// <inheritdoc/>
    /// <remarks>Always returns <see langword="false"/>: a block that is resized moves.</remarks>
    public bool TryResize(void* block, Layout layout, nuint newSize) => false;

    /// <inheritdoc/>
    /// <remarks>Returns exactly the requested size: using more is an overrun.</remarks>
    public nuint UsableSize(void* block, Layout layout)
    {
        if (!_handle.IsAlive)
        {
            return 0;
        }

        CheckedState* state = _handle.Pointer;
        if (state->TryFindLive(block, out CheckedBlock known))
        {
            state->CheckLayout(&known, layout, MayOmitSize, state->Site());
        }
        else
        {
            state->ReportInvalidPointer(block, layout, state->Site());
        }

        return known.Layout.Size;
    }

    /// <inheritdoc/>
    public bool Owns(void* block) => _handle.IsAlive && _handle.Pointer->TryFindLive(block, out _);

    /// <inheritdoc/>
    /// <remarks>All blocks are verified first. They do not pass through the quarantine.</remarks>
    public void DeallocateAll()
    {
        if ((TInner.Traits & AllocatorTraits.DeallocatesAll) != 0 && _handle.IsAlive)
        {
            CheckedState* state = _handle.Pointer;
            state->ReportAllDamage(state->Site());
            RemoveAll(state, freeQuarantined: false);
            _inner.DeallocateAll();
        }
    }

    /// <summary>
    /// Verifies the canaries of all blocks, and the fill bytes of quarantined ones. Each damaged block is
    /// reported once.
    /// </summary>
    /// <returns><see langword="true"/> if no violation of any kind was detected so far.</returns>
    public bool TryVerify()
    {
        if (!_handle.IsAlive)
        {
            return true;
        }

        CheckedState* state = _handle.Pointer;
        state->ReportAllDamage(state->Site());
        return Atomic.Read(ref state->Violations) == 0;
    }

    /// <summary>Copies the records of the live blocks.</summary>
    /// <param name="blocks">The memory to copy to; can be null if <paramref name="room"/> is 0.</param>
    /// <param name="room">The maximum number of records to copy.</param>
    /// <returns>The number of live blocks, which can exceed <paramref name="room"/>.</returns>
    public nuint CopyLiveBlocks(LiveBlock* blocks, nuint room) =>
        _handle.IsAlive ? _handle.Pointer->CopyLive(blocks, room) : 0;

    /// <summary>Completes a new state. Implemented only in the library.</summary>
    static partial void OnCreated(CheckedState* state);

    private void* Allocate(Layout layout, bool zeroed)
    {
        if (!_handle.IsAlive)
        {
            return null;
        }

        CheckedState* state = _handle.Pointer;
        CheckedBlock block = new() { Layout = layout };
        block.Address = state->Options.GuardPages
            ? GuardedRange.Allocate(layout, out block.Front, out block.Back)
            : AllocateFromInner(state, layout, zeroed, out block.Front, out block.Back);
        if (block.Address == null)
        {
            return null;
        }

        block.AllocatedAt = state->Site();
        block.WriteCanaries(state->Options.CanaryByte);
        if (!zeroed)
        {
            Memory.Fill(block.Address, layout.Size, state->Options.FreshByte);
        }

        if (!state->TryAdd(&block))
        {
            FreeInner(state, &block);
            return null;
        }

        return block.Address;
    }

    private byte* AllocateFromInner(
        CheckedState* state, Layout layout, bool zeroed, out nuint front, out nuint back)
    {
        back = (nuint)state->Options.CanaryBytes;
        if (!state->TryExpand(layout, out Layout inner, out front))
        {
            return null;
        }

        byte* start = (byte*)(zeroed ? _inner.AllocateZeroed(inner) : _inner.Allocate(inner));
        return start == null ? null : start + front;
    }

    private void Free(CheckedState* state, CheckedBlock* claimed, nuint site)
    {
        state->Quarantine(claimed);
        while (state->TryEvict(out CheckedBlock evicted, site))
        {
            FreeInner(state, &evicted);
        }
    }

    private void FreeInner(CheckedState* state, CheckedBlock* block)
    {
        if (state->Options.GuardPages)
        {
            GuardedRange.Free(block);
        }
        else
        {
            _inner.Deallocate(block->Start, block->InnerLayout);
        }
    }

    /// <summary>
    /// Removes all records. Guarded blocks, which come from the system, are freed in any case.
    /// </summary>
    private void RemoveAll(CheckedState* state, bool freeQuarantined)
    {
        nuint cursor = 0;
        while (state->TryRemoveNext(ref cursor, out CheckedBlock block))
        {
            if (state->Options.GuardPages
                || (freeQuarantined && block.Phase == CheckedPhase.Quarantined))
            {
                FreeInner(state, &block);
            }
        }

        state->Table.Clear();
    }
}
