namespace Quarry;

/// <summary>An allocator that finds what is done wrong with the blocks of another one.</summary>
/// <remarks>
/// <para>
/// It finds blocks given back twice, with a wrong layout, or that are none; writes in front of a block,
/// behind it, and after it was given back; and blocks that are never given back. Each is reported with the
/// stacks that took the block, gave it back, and met the mistake. A wrong call is then ignored, so it harms
/// nothing.
/// </para>
/// <para>
/// What it knows lies apart from the blocks. Around each block there are bytes of a known value, looked at
/// when the block is given back, on demand, and at the end. A block that was given back is filled, and kept
/// from being used again for a while. With <see cref="CheckedOptions.GuardPages"/> the hardware finds wrong
/// accesses at once. Resizing always moves, so whoever keeps the old address is found out.
/// </para>
/// <para>
/// As thread-safe as the inner allocator. Not for production: taking and giving back a block costs some 250
/// ns and two stacks, of some five microseconds each; and a thread that is killed while it holds the lock
/// stops the others.
/// </para>
/// </remarks>
/// <typeparam name="TInner">Where the blocks come from.</typeparam>
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

    /// <summary>The allocator the blocks come from.</summary>
    public TInner Inner => _inner;

    // Over an allocator that knows sizes a caller need not; 0 then says nothing.
    private static bool MayOmitSize => (TInner.Traits & AllocatorTraits.KnowsSize) != 0;

    /// <summary>Makes a checked allocator over another one.</summary>
    /// <returns>False if an option is out of its range or the system has no memory.</returns>
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
    /// <remarks>What is no block, or not any more, is reported and left alone.</remarks>
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
    /// <remarks>Never: a block that is resized moves.</remarks>
    public bool TryResize(void* block, Layout layout, nuint newSize) => false;

    /// <inheritdoc/>
    /// <remarks>Exactly what was asked for: to use more is an overrun.</remarks>
    public nuint UsableSize(void* block, Layout layout)
    {
        if (!_handle.IsAlive)
        {
            return 0;
        }

        CheckedState* state = _handle.Pointer;
        if (state->TryFindLive(block, out CheckedBlock known))
        {
            state->Compare(&known, layout, MayOmitSize, state->Site());
        }
        else
        {
            state->ReportWrong(block, layout, state->Site());
        }

        return known.Layout.Size;
    }

    /// <inheritdoc/>
    public bool Owns(void* block) => _handle.IsAlive && _handle.Pointer->TryFindLive(block, out _);

    /// <inheritdoc/>
    /// <remarks>Looks over all blocks first. They do not go through the quarantine.</remarks>
    public void DeallocateAll()
    {
        if ((TInner.Traits & AllocatorTraits.DeallocatesAll) != 0 && _handle.IsAlive)
        {
            CheckedState* state = _handle.Pointer;
            state->LookOverAll(state->Site());
            ForgetAll(state, giveBack: false);
            _inner.DeallocateAll();
        }
    }

    /// <summary>
    /// Looks for writes around live blocks and to freed ones. Reports each block once.
    /// </summary>
    /// <returns>Whether there was no violation so far, of any kind.</returns>
    public bool TryVerify()
    {
        if (!_handle.IsAlive)
        {
            return true;
        }

        CheckedState* state = _handle.Pointer;
        state->LookOverAll(state->Site());
        return Atomic.Read(ref state->Violations) == 0;
    }

    /// <summary>Lists the blocks that were taken and not given back.</summary>
    /// <param name="blocks">Where to write them; may be null if there is no room.</param>
    /// <param name="room">How many there is room for.</param>
    /// <returns>How many there are, which may be more.</returns>
    public nuint CopyLiveBlocks(LiveBlock* blocks, nuint room) =>
        _handle.IsAlive ? _handle.Pointer->CopyLive(blocks, room) : 0;

    /// <summary>What the host adds to a new state.</summary>
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
            ? GuardedRange.Take(layout, out block.Front, out block.Back)
            : TakeFromInner(state, layout, zeroed, out block.Front, out block.Back);
        if (block.Address == null)
        {
            return null;
        }

        block.AllocatedAt = state->Site();
        block.WriteCanaries(state->Options.CanaryByte);
        if (!zeroed)
        {
            FillPattern.Write(block.Address, layout.Size, state->Options.FreshByte);
        }

        if (!state->TryAdd(&block))
        {
            GiveBack(state, &block);
            return null;
        }

        return block.Address;
    }

    private byte* TakeFromInner(
        CheckedState* state, Layout layout, bool zeroed, out nuint front, out nuint back)
    {
        back = (nuint)state->Options.CanaryBytes;
        if (!state->TryWiden(layout, out Layout inner, out front))
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
            GiveBack(state, &evicted);
        }
    }

    private void GiveBack(CheckedState* state, CheckedBlock* block)
    {
        if (state->Options.GuardPages)
        {
            GuardedRange.Release(block);
        }
        else
        {
            _inner.Deallocate(block->Start, block->InnerLayout);
        }
    }

    /// <summary>Forgets all blocks; what is ours goes back to the system in any case.</summary>
    private void ForgetAll(CheckedState* state, bool giveBack)
    {
        nuint cursor = 0;
        while (state->TryForget(ref cursor, out CheckedBlock block))
        {
            if (state->Options.GuardPages
                || (giveBack && block.Phase == CheckedPhase.Quarantined))
            {
                GiveBack(state, &block);
            }
        }

        state->Table.Clear();
    }
}
