using System.Runtime.CompilerServices;

namespace Quarry;

/// <summary>
/// The books of <see cref="Counting{TInner}"/>: a side for one thread, a side for all others.
/// </summary>
/// <remarks>
/// <para>
/// What is in use is the sum of both sides. A block is counted after it was taken and before it is given
/// back, so that the sum never claims more than there was. After each change a side compares the sum with
/// the highest that it has seen itself; the peak is the higher of the two. It is exact but for what other
/// threads do between the change and the comparison.
/// </para>
/// <para>
/// Bytes in use are what was taken less what was given back, so a side changes two words at a time. Sums are
/// compared as signed numbers: threads may see each other's changes in an order that makes one negative.
/// </para>
/// </remarks>
internal unsafe struct CountingState
{
    // With the 16 bytes in front of a state these fill a cache line. Written by the owner, read by all.
    private nuint _owner;
    private nuint _allocatedBytes;
    private nuint _deallocatedBytes;
    private nuint _allocations;
    private nuint _deallocations;
    private nuint _peak;

    // A cache line for all others, written atomically. The bytes wrap: they may free what the owner took.
    private nuint _othersBytes;
    private nuint _othersAllocatedBytes;
    private nuint _othersAllocations;
    private nuint _othersDeallocations;
    private nuint _othersReallocations;
    private nuint _othersPeak;
#pragma warning disable CS0169, IDE0051 // fill the line
    private readonly nuint _unused1;
    private readonly nuint _unused2;
#pragma warning restore CS0169, IDE0051

    // The owner's, but rare.
    private nuint _reallocations;

    // A number that is never exceeded while nobody waits.
    private nuint _threshold;
    private delegate*<void*, nuint, void> _onExceeded;
    private void* _onExceededContext;

    private nuint _callback;

    // The peak up to when a threshold was set: the sides then start to look for a new one.
    private nuint _peakBefore;
    private AllocationStatistics _start;

    internal static bool TryCreate(out StateHandle<CountingState> handle)
    {
        bool made = StateHandle<CountingState>.TryCreate(out handle);
        if (made)
        {
            handle.Pointer->_threshold = Layout.MaxSize;
        }

        return made;
    }

    /// <summary>Counts a block that was taken.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void Add<TInner>(StateHandle<CountingState> handle, nuint size)
        where TInner : unmanaged, IAllocator
    {
        CountingState* state = handle.Pointer;
        if (BiasedOwner.Key<TInner>(handle.Serial) != state->_owner)
        {
            AddSlow<TInner>(handle, size);
            return;
        }

        state->_allocations = state->_allocations + 1;
        state->AddBytes(size);
    }

    /// <summary>Counts a block that is about to be given back.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void Remove<TInner>(StateHandle<CountingState> handle, nuint size)
        where TInner : unmanaged, IAllocator
    {
        CountingState* state = handle.Pointer;
        if (BiasedOwner.Key<TInner>(handle.Serial) != state->_owner)
        {
            RemoveSlow<TInner>(handle, blocks: 1, size);
            return;
        }

        state->_deallocatedBytes = state->_deallocatedBytes + size;
        state->_deallocations = state->_deallocations + 1;
    }

    /// <summary>Counts a block that was resized.</summary>
    internal static void Resize<TInner>(StateHandle<CountingState> handle, nuint size, nuint newSize)
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
            state->_reallocations++;
            state->_deallocatedBytes += shrunk;
            state->AddBytes(grown);
        }
        else
        {
            _ = Atomic.Add(ref state->_othersReallocations, 1);
            _ = Atomic.Subtract(ref state->_othersBytes, shrunk);
            state->AddOthersBytes(grown);
        }
    }

    /// <summary>Counts all blocks as given back.</summary>
    internal static void RemoveAll<TInner>(StateHandle<CountingState> handle)
        where TInner : unmanaged, IAllocator
    {
        if (handle.IsAlive)
        {
            AllocationStatistics counts = handle.Pointer->Sum();
            RemoveSlow<TInner>(handle, (nuint)counts.CurrentBlocks, (nuint)counts.CurrentBytes);
        }
    }

    /// <summary>The figures since the last <see cref="Reset"/>.</summary>
    internal AllocationStatistics Read()
    {
        AllocationStatistics sum = Sum();
        AllocationStatistics counts = sum - _start;
        return counts with
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

    /// <summary>Has a function called once, when more bytes than so many are in use.</summary>
    internal void SetThreshold(nuint bytes, delegate*<void*, nuint, void> onExceeded, void* context)
    {
        Atomic.Write(ref _threshold, Layout.MaxSize);
        _onExceeded = onExceeded;
        _onExceededContext = context;

        // Only a new peak is compared with the threshold, so the next bytes above it have to be one.
        _peakBefore = (nuint)Sum().PeakBytes;
        _ = Atomic.Exchange(ref _threshold, bytes < Layout.MaxSize ? bytes : Layout.MaxSize);
        nuint now = StartPeak();
        if ((nint)now > (nint)_threshold)
        {
            Exceed(now);
        }
    }

    /// <summary>Changes what the managed half keeps to call a delegate, and returns what it was.</summary>
    internal nuint ExchangeCallback(nuint callback) => Atomic.Exchange(ref _callback, callback);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void AddSlow<TInner>(StateHandle<CountingState> handle, nuint size)
        where TInner : unmanaged, IAllocator
    {
        CountingState* state = handle.Pointer;
        if (!handle.IsAlive)
        {
            return;
        }

        if (BiasedOwner.TryClaim<TInner>(ref state->_owner, handle.Serial))
        {
            state->_allocations++;
            state->AddBytes(size);
        }
        else
        {
            _ = Atomic.Add(ref state->_othersAllocations, 1);
            state->AddOthersBytes(size);
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void RemoveSlow<TInner>(StateHandle<CountingState> handle, nuint blocks, nuint size)
        where TInner : unmanaged, IAllocator
    {
        CountingState* state = handle.Pointer;
        if (!handle.IsAlive)
        {
            return;
        }

        if (BiasedOwner.TryClaim<TInner>(ref state->_owner, handle.Serial))
        {
            state->_deallocations += blocks;
            state->_deallocatedBytes += size;
        }
        else
        {
            _ = Atomic.Add(ref state->_othersDeallocations, blocks);
            _ = Atomic.Subtract(ref state->_othersBytes, size);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void AddBytes(nuint size)
    {
        nuint allocated = _allocatedBytes + size;
        _allocatedBytes = allocated;
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
        nuint now = Atomic.Add(ref _othersBytes, size);

        // What the owner took is read before what it gave back: what it does in between can then only lower
        // the sum.
        now += Atomic.Read(ref _allocatedBytes);
        now -= Atomic.Read(ref _deallocatedBytes);
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

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Exceed(nuint now)
    {
        nuint threshold = Atomic.Read(ref _threshold);
        if ((nint)now > (nint)threshold
            && Atomic.TryReplace(ref _threshold, threshold, Layout.MaxSize) && _onExceeded != null)
        {
            _onExceeded(_onExceededContext, now);
        }
    }

    private nuint StartPeak()
    {
        nuint now = (nuint)Sum().CurrentBytes;
        Atomic.Write(ref _peak, now);
        Atomic.Write(ref _othersPeak, now);
        return now;
    }

    private AllocationStatistics Sum()
    {
        // What was given back is read first: of a block that comes and goes meanwhile, rather the coming.
        nuint deallocations = Atomic.Read(ref _deallocations) + Atomic.Read(ref _othersDeallocations);
        nuint deallocatedBytes = Atomic.Read(ref _deallocatedBytes);
        nuint allocations = Atomic.Read(ref _allocations) + Atomic.Read(ref _othersAllocations);
        nuint allocatedBytes = Atomic.Read(ref _allocatedBytes);
        nuint bytes = allocatedBytes - deallocatedBytes + Atomic.Read(ref _othersBytes);
        nuint othersAllocatedBytes = Atomic.Read(ref _othersAllocatedBytes);
        nuint peak = _peak > _othersPeak ? _peak : _othersPeak;
        return new AllocationStatistics
        {
            Allocations = (long)allocations,
            Deallocations = (long)deallocations,
            Reallocations = (long)(_reallocations + Atomic.Read(ref _othersReallocations)),
            AllocatedBytes = (long)(allocatedBytes + othersAllocatedBytes),
            DeallocatedBytes = (long)(allocatedBytes + othersAllocatedBytes - bytes),
            CurrentBlocks = (long)(allocations - deallocations),
            CurrentBytes = (long)bytes,
            PeakBytes = (long)(peak > _peakBefore ? peak : _peakBefore),
        };
    }
}
