using System.Runtime.CompilerServices;

namespace Quarry;

/// <summary>
/// The counters of <see cref="Counting{TInner}"/>: one set for the owner thread, one set for all other
/// threads.
/// </summary>
/// <remarks>
/// <para>
/// The bytes in use are <c>allocated - deallocated + others</c>: two words of the owner, which only grow, and
/// a word of the other threads, which wraps below zero when they free blocks of the owner. A block is counted
/// after it was allocated and before it is freed, so at no instant is the sum above the number of bytes in
/// use.
/// </para>
/// <para>
/// A thread that reads the three words while others change them keeps that bound by the order of its loads:
/// <c>allocated</c>, <c>others</c>, <c>deallocated</c>. As the first is read early and the last is read late,
/// the result is at most the sum at the instant of the second load. The loads are acquires, and pair with the
/// releases by which the owner stores its two words: a reader that sees an allocation also sees the
/// deallocations before it. On x86-64 both are plain moves.
/// </para>
/// <para>
/// After each increase, a thread compares the sum with the peak of its set; the reported peak is the higher
/// of the two. Changes by other threads between the increase and the comparison can be missed. Sums are
/// compared as signed numbers, since a reader can see a block freed by one thread before it sees it allocated
/// by another.
/// </para>
/// </remarks>
internal unsafe struct CountingState
{
    // With the 16 bytes before a state, these fill a cache line. Written only by the owner, read by all
    // threads.
    private nuint _owner;
    private nuint _allocatedBytes;
    private nuint _deallocatedBytes;
    private nuint _allocations;
    private nuint _deallocations;
    private nuint _peak;

    // A cache line for all other threads, which change it by atomic operations.
    private nuint _othersBytes;
    private nuint _othersAllocatedBytes;
    private nuint _othersAllocations;
    private nuint _othersDeallocations;
    private nuint _othersReallocations;
    private nuint _othersPeak;
#pragma warning disable CS0169, IDE0051 // fill the cache line
    private readonly nuint _unused1;
    private readonly nuint _unused2;
#pragma warning restore CS0169, IDE0051

    // Written only by the owner, and rarely.
    private nuint _reallocations;

    // While no threshold is set, Layout.MaxSize, which no sum exceeds.
    private nuint _threshold;
    private ThresholdHook _onExceeded;

    private nuint _callback;

    // The peak when a threshold was set, at which time the peaks of both sets restart.
    private nuint _peakBefore;
    private AllocationStatistics _start;

    private nuint _observer;

    // While an observer is installed, the key of the owner.
    private nuint _ownerBefore;

    private HeapObserver* Observer => (HeapObserver*)Atomic.Read(ref _observer);

    internal static bool TryCreate(out StateHandle<CountingState> handle)
    {
        bool created = StateHandle<CountingState>.TryCreate(out handle);
        if (created)
        {
            handle.Pointer->_threshold = Layout.MaxSize;
        }

        return created;
    }

    /// <summary>Counts a block that was allocated.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void Add<TInner>(StateHandle<CountingState> handle, void* block, nuint size)
        where TInner : unmanaged, IAllocator
    {
        CountingState* state = handle.Pointer;
        if (BiasedOwner.Key<TInner>(handle.Serial) != state->_owner)
        {
            AddSlow<TInner>(handle, block, size);
            return;
        }

        state->AddOwned(size);
    }

    /// <summary>Counts a block that is about to be freed.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void Remove<TInner>(StateHandle<CountingState> handle, void* block, nuint size)
        where TInner : unmanaged, IAllocator
    {
        CountingState* state = handle.Pointer;
        if (BiasedOwner.Key<TInner>(handle.Serial) != state->_owner)
        {
            RemoveSlow<TInner>(handle, block, blocks: 1, size);
            return;
        }

        state->RemoveOwned(blocks: 1, size);
    }

    /// <summary>Counts a block that was resized, and maybe moved.</summary>
    internal static void Resize<TInner>(
        StateHandle<CountingState> handle, void* block, nuint size, void* newBlock, nuint newSize)
        where TInner : unmanaged, IAllocator
    {
        CountingState* state = handle.Pointer;
        if (!handle.IsAlive)
        {
            return;
        }

        nuint grown = newSize > size ? newSize - size : 0;
        nuint shrunk = size > newSize ? size - newSize : 0;
        if (BiasedOwner.TryClaim<TInner>(ref state->_owner, handle.Serial))
        {
            Atomic.Write(ref state->_reallocations, state->_reallocations + 1);
            Atomic.Write(ref state->_deallocatedBytes, state->_deallocatedBytes + shrunk);
            state->AddBytes(grown);
        }
        else
        {
            _ = Atomic.Add(ref state->_othersReallocations, 1);
            _ = Atomic.Subtract(ref state->_othersBytes, shrunk);
            state->AddOthersBytes(grown);
        }

        HeapObserver* observer = state->Observer;
        if (observer != null)
        {
            observer->Resized(observer, block, newBlock, newSize);
        }
    }

    /// <summary>Counts all blocks as freed.</summary>
    internal static void RemoveAll<TInner>(StateHandle<CountingState> handle)
        where TInner : unmanaged, IAllocator
    {
        if (handle.IsAlive)
        {
            AllocationStatistics sum = handle.Pointer->Sum();
            RemoveSlow<TInner>(handle, null, (nuint)sum.CurrentBlocks, (nuint)sum.CurrentBytes);
        }
    }

    /// <summary>Returns the statistics since the last <see cref="Reset"/>.</summary>
    internal AllocationStatistics Read()
    {
        AllocationStatistics sum = Sum();
        AllocationStatistics change = sum - _start;
        return change with
        {
            CurrentBlocks = sum.CurrentBlocks,
            CurrentBytes = sum.CurrentBytes,
            PeakBytes = sum.PeakBytes,
        };
    }

    internal void Reset()
    {
        ResetPeak();
        _start = Sum();
    }

    internal void ResetPeak()
    {
        StartPeak();
        _peakBefore = 0;
    }

    internal void SetThreshold(nuint bytes, ThresholdHook onExceeded)
    {
        // A thread that exceeds the old threshold during the change must not call the new hook.
        Atomic.Write(ref _threshold, Layout.MaxSize);
        _onExceeded = onExceeded;

        // Only a new peak is compared with the threshold, so both peaks restart below. The peak so far is
        // kept.
        _peakBefore = (nuint)Sum().PeakBytes;

        // A full fence, so the hook is visible to the thread that reads this threshold in Exceed.
        _ = Atomic.Exchange(ref _threshold, bytes < Layout.MaxSize ? bytes : Layout.MaxSize);
        nuint now = StartPeak();
        if ((nint)now > (nint)_threshold)
        {
            Exceed(now);
        }
    }

    /// <summary>
    /// Installs an observer of all blocks, or removes it if it is null; only one thread at a time may do so.
    /// </summary>
    /// <remarks>
    /// While there is an observer, no thread owns the counters, so every call takes the slow path and counts
    /// by atomic operations; without one, the fast path has no additional instruction. A thread that has just
    /// read its key as that of the owner still updates the counters of the owner, which no other thread does
    /// until the observer is removed. The observer is called with null when all blocks are freed. It must
    /// stay valid after it was removed, as threads may be about to call it.
    /// </remarks>
    internal void SetObserver(HeapObserver* observer)
    {
        if (observer == null)
        {
            _ = Atomic.TryReplace(ref _owner, BiasedOwner.NoThread, _ownerBefore);
        }

        Atomic.Write(ref _observer, (nuint)observer);
        if (observer != null)
        {
            // A full fence: a thread that no longer finds itself to be the owner finds the observer.
            nuint owner = Atomic.Exchange(ref _owner, BiasedOwner.NoThread);
            _ownerBefore = owner == BiasedOwner.NoThread ? _ownerBefore : owner;
        }
    }

    /// <summary>
    /// Replaces the word by which the library finds its delegate, and returns the old word.
    /// </summary>
    internal nuint ExchangeCallback(nuint callback) => Atomic.Exchange(ref _callback, callback);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void AddSlow<TInner>(StateHandle<CountingState> handle, void* block, nuint size)
        where TInner : unmanaged, IAllocator
    {
        CountingState* state = handle.Pointer;
        if (!handle.IsAlive)
        {
            return;
        }

        if (BiasedOwner.TryClaim<TInner>(ref state->_owner, handle.Serial))
        {
            state->AddOwned(size);
        }
        else
        {
            _ = Atomic.Add(ref state->_othersAllocations, 1);
            state->AddOthersBytes(size);
        }

        HeapObserver* observer = state->Observer;
        if (observer != null)
        {
            observer->Allocated(observer, block, size);
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void RemoveSlow<TInner>(
        StateHandle<CountingState> handle, void* block, nuint blocks, nuint size)
        where TInner : unmanaged, IAllocator
    {
        CountingState* state = handle.Pointer;
        if (!handle.IsAlive)
        {
            return;
        }

        HeapObserver* observer = state->Observer;
        if (observer != null)
        {
            observer->Freed(observer, block, size);
        }

        if (BiasedOwner.TryClaim<TInner>(ref state->_owner, handle.Serial))
        {
            state->RemoveOwned(blocks, size);
        }
        else
        {
            _ = Atomic.Add(ref state->_othersDeallocations, blocks);
            _ = Atomic.Subtract(ref state->_othersBytes, size);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void AddOwned(nuint size)
    {
        Atomic.Write(ref _allocations, _allocations + 1);
        AddBytes(size);
    }

    // Releases: they pair with the acquires of Sum, in which a deallocation must not appear before its
    // allocation.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void RemoveOwned(nuint blocks, nuint size)
    {
        Atomic.Write(ref _deallocatedBytes, _deallocatedBytes + size);
        Atomic.Write(ref _deallocations, _deallocations + blocks);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void AddBytes(nuint size)
    {
        nuint allocated = _allocatedBytes + size;

        // A release: a reader that sees this allocation also sees the deallocations before it.
        Atomic.Write(ref _allocatedBytes, allocated);

        // The owner's two words cannot change here, so the sum is exact at the instant of the one load.
        nuint now = allocated + _othersBytes - _deallocatedBytes;
        if ((nint)now > (nint)_peak)
        {
            _peak = now;
            if ((nint)now > (nint)_threshold)
            {
                Exceed(now);
            }
        }
    }

    private void AddOthersBytes(nuint size)
    {
        _ = Atomic.Add(ref _othersAllocatedBytes, size);
        _ = Atomic.Add(ref _othersBytes, size);
        nuint now = BytesInUse();
        nuint peak = Atomic.Read(ref _othersPeak);
        while ((nint)now > (nint)peak && !Atomic.TryReplace(ref _othersPeak, peak, now))
        {
            peak = Atomic.Read(ref _othersPeak);
        }

        if ((nint)now > (nint)peak && (nint)now > (nint)Atomic.Read(ref _threshold))
        {
            Exceed(now);
        }
    }

    /// <summary>
    /// Returns the number of bytes in use, or less, but never more; see the remarks for the order.
    /// </summary>
    private nuint BytesInUse()
    {
        nuint allocated = Atomic.Read(ref _allocatedBytes);
        nuint others = Atomic.Read(ref _othersBytes);
        return allocated + others - Atomic.Read(ref _deallocatedBytes);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Exceed(nuint now)
    {
        // Of several threads that exceed the threshold at once, only the one that replaces it calls the hook.
        nuint threshold = Atomic.Read(ref _threshold);
        if ((nint)now > (nint)threshold && Atomic.TryReplace(ref _threshold, threshold, Layout.MaxSize))
        {
            _onExceeded.Invoke(now);
        }
    }

    private nuint StartPeak()
    {
        nuint now = BytesInUse();
        Atomic.Write(ref _peak, now);
        Atomic.Write(ref _othersPeak, now);
        return now;
    }

    private AllocationStatistics Sum()
    {
        // Deallocations first: a block that is allocated and freed meanwhile counts as in use, not as a
        // negative number. This order errs upwards, so no peak is derived from it.
        nuint deallocations = Atomic.Read(ref _deallocations) + Atomic.Read(ref _othersDeallocations);
        nuint deallocatedBytes = Atomic.Read(ref _deallocatedBytes);
        nuint allocations = Atomic.Read(ref _allocations) + Atomic.Read(ref _othersAllocations);
        nuint allocatedBytes = Atomic.Read(ref _allocatedBytes);
        nuint bytes = allocatedBytes - deallocatedBytes + Atomic.Read(ref _othersBytes);
        nuint othersAllocatedBytes = Atomic.Read(ref _othersAllocatedBytes);
        nuint ownersPeak = Atomic.Read(ref _peak), othersPeak = Atomic.Read(ref _othersPeak);
        nuint peak = (nint)ownersPeak > (nint)othersPeak ? ownersPeak : othersPeak;
        return new AllocationStatistics
        {
            Allocations = (long)allocations,
            Deallocations = (long)deallocations,
            Reallocations = (long)(Atomic.Read(ref _reallocations) + Atomic.Read(ref _othersReallocations)),
            AllocatedBytes = (long)(allocatedBytes + othersAllocatedBytes),
            DeallocatedBytes = (long)(allocatedBytes + othersAllocatedBytes - bytes),
            CurrentBlocks = (long)(allocations - deallocations),
            CurrentBytes = (long)bytes,
            PeakBytes = (long)((nint)peak > (nint)_peakBefore ? peak : _peakBefore),
        };
    }
}
