namespace Quarry;

/// <summary>All that a heap knows, at the start of its first region.</summary>
/// <remarks>
/// Every field that several threads write is written atomically, and no thread ever waits for another: one
/// that is killed or left behind by a fork can at most have lost what it was holding.
/// </remarks>
internal unsafe partial struct HeapState
{
    /// <summary>Where address space comes from.</summary>
    public PageSource Pages;

    /// <summary>The first region; the fast path of <c>free</c> looks there only.</summary>
    public Region* First;

    /// <summary>Finds what lies outside the first region.</summary>
    public PageMap PageMap;

    /// <summary>Room for the heap's own small structures.</summary>
    public MetadataPool Metadata;

    /// <summary>The size to ask for when a region is added.</summary>
    public nuint RegionSize;

    /// <summary>
    /// The most bytes of slices and mappings that may be in use at once; 0 if there is no limit.
    /// </summary>
    public nuint Limit;

    /// <summary>Bytes in slices and mappings that are in use.</summary>
    public nuint Used;

    /// <summary>The highest <see cref="Used"/> so far.</summary>
    public nuint PeakUsed;

    /// <summary>Large blocks taken, given back, and the bytes of both.</summary>
    public LargeCounters Large;

    /// <summary>Called when memory is exhausted; see <see cref="HeapOptions.OnExhausted"/>.</summary>
    public delegate*<void*, nuint, nuint, bool> OnExhausted;

    /// <summary>Passed to <see cref="OnExhausted"/>.</summary>
    public void* OnExhaustedState;

    /// <summary>Called with the address when something is freed that is no block of this heap.</summary>
    public delegate*<void*, void> OnForeign;

    /// <summary>
    /// Called now and then, when slices are taken: for who keeps a record of the heap. Null for nobody.
    /// </summary>
    public delegate*<HeapState*, void> OnProgress;

    /// <summary>Milliseconds until freed memory goes back to the system: 0 at once, negative never.</summary>
    public nint DecayMilliseconds;

    /// <summary>When the current decay period ends.</summary>
    public nuint DecayDue;

    /// <summary>
    /// Slices freed since the clock was last read: reading it each time would cost more than freeing.
    /// </summary>
    public nuint FreedSinceClock;

    /// <summary>Every thread heap there ever was, newest first. They are used again, never removed.</summary>
    public ThreadHeap* Threads;

    /// <summary>How many of them have no thread at the moment.</summary>
    public nuint Orphans;

    /// <summary>Where the search for ended threads goes on.</summary>
    public ThreadHeap* NextToCheck;

    /// <summary>Pages taken since dead threads were last looked for.</summary>
    public nuint PagesSinceReclaim;

    /// <summary>
    /// The process whose thread ids <see cref="ThreadHeap.ThreadId"/> holds. In a forked child that was not
    /// told of the fork it is another one, and then no thread is judged dead.
    /// </summary>
    public int ProcessId;

    /// <summary>
    /// The page entry of the block that begins at an address, or null if that is none of this heap's.
    /// </summary>
    internal Page* PageOf(void* address, out Region* region)
    {
        region = RegionOf(address);
        if (region == null)
        {
            return null;
        }

        nuint slice = (nuint)((byte*)address - region->Base) >> Region.Log2Slice;
        if (slice < region->FirstSlice || slice >= Atomic.Read(ref region->Frontier))
        {
            return null;
        }

        Page* page = region->Pages + slice;
        return page->Kind == PageKind.Inside ? page - page->SlicesToHead : page;
    }

    /// <summary>Takes slices from the first region that has them; adds a region if none has.</summary>
    internal static nuint Take(
        HeapState* heap, nuint count, nuint alignment, out Region* region, out bool zeroed)
    {
        nuint bytes = count << Region.Log2Slice;
        zeroed = false;
        region = null;
        if (!heap->TryCharge(bytes))
        {
            return Region.None;
        }

        if (heap->OnProgress != null)
        {
            heap->OnProgress(heap);
        }

        // A region that was added may have been used up by other threads before we come to it.
        region = heap->First;
        do
        {
            nuint slice = region->Take(count, alignment, out zeroed);
            if (slice != Region.None)
            {
                heap->RaisePeak();
                return slice;
            }

            region = region->Next != null ? region->Next : Region.TryAdd(heap, count, alignment);
        }
        while (region != null);

        heap->Uncharge(bytes);
        return Region.None;
    }

    /// <summary>
    /// Gives slices back, and from time to time those that were not used again to the system.
    /// </summary>
    internal void Give(Region* region, nuint slice, nuint count)
    {
        bool stale = DecayMilliseconds != 0
            || !Pages.Purge(Pages.State, region->AddressOf(slice), count << Region.Log2Slice);
        region->Give(slice, count, stale);
        Uncharge(count << Region.Log2Slice);

        FreedSinceClock += count;
        if (FreedSinceClock >= 16)
        {
            FreedSinceClock = 0;
            Decay();
        }
    }

    /// <summary>Counts memory as used, unless that would exceed the limit.</summary>
    internal bool TryCharge(nuint bytes)
    {
        for (; ; )
        {
            nuint used = Atomic.Read(ref Used);
            if (Limit != 0 && (bytes > Limit || used > Limit - bytes))
            {
                return false;
            }

            if (Atomic.TryReplace(ref Used, used, used + bytes))
            {
                return true;
            }
        }
    }

    /// <summary>Notes that what was charged last was really got.</summary>
    internal void RaisePeak() => Atomic.Raise(ref PeakUsed, Atomic.Read(ref Used));

    internal void Uncharge(nuint bytes) => _ = Atomic.Subtract(ref Used, bytes);

    /// <summary>Purges what has lain idle for the decay time.</summary>
    internal void Decay()
    {
        if (DecayMilliseconds <= 0)
        {
            return;
        }

        nuint now = Os.Milliseconds();
        nuint due = Atomic.Read(ref DecayDue);

        // Memory is purged at the end of the period after the one it was freed in; so a period is half the
        // decay time.
        if (now >= due && Atomic.TryReplace(ref DecayDue, due, now + (nuint)((DecayMilliseconds + 1) / 2)))
        {
            _ = Purge(everything: false);
        }
    }

    /// <summary>Purges free slices; returns the bytes that went back to the system.</summary>
    internal readonly nuint Purge(bool everything)
    {
        nuint slices = 0;
        for (Region* region = First; region != null; region = region->Next)
        {
            slices += region->Purge(everything);
        }

        return slices << Region.Log2Slice;
    }

    /// <summary>Tells the hook that a request cannot be served; returns whether to try again.</summary>
    internal readonly bool Exhausted(nuint size, nuint alignment) =>
        OnExhausted != null && OnExhausted(OnExhaustedState, size, alignment);

    internal readonly void ReportForeign(void* address)
    {
        if (OnForeign != null)
        {
            OnForeign(address);
        }
    }

    internal readonly Region* RegionOf(void* address)
    {
        if ((nuint)((byte*)address - First->Base) < First->Size)
        {
            return First;
        }

        nuint entry = PageMap.Find(address);
        bool isRegion = (entry & PageMap.TagMask) == PageMap.RegionTag;
        return isRegion ? (Region*)(entry & ~PageMap.TagMask) : null;
    }
}
