using System.Runtime.CompilerServices;

namespace Quarry;

/// <summary>
/// The back end of a heap: allocates runs of slices and huge blocks within a limit, and purges unused memory.
/// </summary>
/// <remarks>
/// It is independent of thread heaps and size classes. Every field that several threads write is written
/// atomically unless its comment states otherwise, and no thread ever waits for another: a thread that is
/// killed, or lost in a fork, leaks at most the memory it held.
/// </remarks>
internal unsafe partial struct HeapBackend
{
    /// <summary>The page source, and the number of bytes committed from it.</summary>
    public PageSupply Supply;

    /// <summary>The first region of the list. Regions are appended and never removed.</summary>
    public Region* First;

    /// <summary>
    /// The region whose pages the fast path of <c>free</c> covers: the first region, until the high-water
    /// mark of another one exceeds its size.
    /// </summary>
    public Region* Primary;

    /// <summary>
    /// Incremented by each change that thread heaps have to follow, such as a new primary region.
    /// </summary>
    public nuint Version;

    /// <summary>Finds regions other than the first, and huge blocks.</summary>
    public PageMap PageMap;

    /// <summary>Memory for the heap's own structures.</summary>
    public MetadataPool Metadata;

    /// <summary>The size to try first when a region is added.</summary>
    public nuint RegionSize;

    /// <summary>
    /// If not 0: the size doubles with each region that is added, up to this number of bytes. For sources
    /// whose ranges cost memory.
    /// </summary>
    public nuint RegionLimit;

    /// <summary>The maximum of <see cref="Used"/>, in bytes; 0 for no limit.</summary>
    public nuint Limit;

    /// <summary>
    /// The number of bytes in slices and mappings that are in use, and in blocks that threads keep.
    /// </summary>
    public nuint Used;

    /// <summary>1 if a thread may keep a block, see <see cref="KeptBlock"/>; never reset.</summary>
    public nuint KeepsBlocks;

    /// <summary>A limit that the heap shares with others; null if there is none.</summary>
    public HeapBudget* Budget;

    /// <summary>The highest value of <see cref="UsedBytes"/> so far.</summary>
    public nuint PeakUsed;

    /// <summary>
    /// The part of <see cref="Used"/> of blocks outside of the regions: see <see cref="MemoryAccount"/>.
    /// </summary>
    public nuint OutsideUsed;

    /// <summary>
    /// Statistics of large blocks; elsewhere, so that the state of a heap without any fits one page.
    /// </summary>
    public LargeCounters* Large;

    /// <summary>Which large blocks to back with memory before they are written.</summary>
    public LargeBacking Backing;

    /// <summary>
    /// The number of milliseconds until freed memory is purged: 0 at once, negative never.
    /// </summary>
    public nint DecayMilliseconds;

    /// <summary>
    /// The number of bytes from which on memory that is freed at once is also purged at once.
    /// </summary>
    public nuint PurgeFrom;

    /// <summary>See <see cref="HeapOptions.VariesLines"/>.</summary>
    public bool VariesLines;

    /// <summary>The time, in milliseconds, at which the current decay period ends.</summary>
    public nuint DecayDue;

    /// <summary>
    /// The number of slices freed since the clock was last read: reading it at each free would cost more than
    /// freeing. A kept run counts as one. Not atomic: a lost increment delays the next reading a little.
    /// </summary>
    public nuint FreedSinceClock;

    /// <summary>
    /// The time, in milliseconds, when <see cref="FreedSinceClock"/> was last reset: up to 1 MiB, or a few
    /// runs that were kept, were freed later.
    /// </summary>
    public nuint FreedAt;

    /// <summary>The time, in milliseconds, at which the current pass began. Not atomic: a hint.</summary>
    public nuint PassAt;

    /// <summary>
    /// The time, in milliseconds, when all threads were last called to read the clock. Not atomic: they may
    /// be called twice.
    /// </summary>
    public nuint CalledAt;

    /// <summary>The time, in milliseconds, of the last step of purging by an application thread.</summary>
    public nuint StepAt;

    /// <summary>
    /// The number of dirty slices that the current pass has left for the next one. Not atomic: a hint.
    /// </summary>
    public nuint Aged;

    /// <summary>1 if the last step has used up its budget. Not atomic: a hint.</summary>
    public nuint PassRemains;

    /// <summary>
    /// Nonzero while a background thread purges, and application threads therefore do not.
    /// </summary>
    public nuint Attended;

    /// <summary>1 while the background thread waits for memory to be freed.</summary>
    public nuint WantsWake;

    /// <summary>Wakes the background thread; must not use the heap.</summary>
    public delegate*<void> OnWake;

    /// <summary>
    /// Returns the descriptor of the slice of an address, or of its page of small blocks; null if the address
    /// is not in a slice that was ever allocated. The region is null if the address is in none.
    /// </summary>
    internal Page* Find(void* address, out Region* region)
    {
        region = RegionOf(address);
        if (region == null)
        {
            return null;
        }

        nuint slice = (nuint)((byte*)address - region->Base) >> Region.Log2Slice;
        if (slice < region->FirstSlice || slice >= Atomic.Read(ref region->HighWater))
        {
            return null;
        }

        Page* page = region->Pages + slice;
        return page->Kind == PageKind.Inside ? page - page->SlicesToHead : page;
    }

    /// <summary>Returns the region that contains an address; null if there is none.</summary>
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

    /// <summary>Allocates consecutive slices; adds a region if no region has enough.</summary>
    /// <param name="backend">The back end.</param>
    /// <param name="count">The number of slices.</param>
    /// <param name="alignment">
    /// The alignment of the address, in bytes; a power of two of at least a slice.
    /// </param>
    /// <param name="region">The region of the slices.</param>
    /// <param name="clean">The longest run of the slices that reads as zeros.</param>
    /// <returns>The first slice, or <see cref="Region.None"/>.</returns>
    internal static nuint AllocateSlices(
        HeapBackend* backend, nuint count, nuint alignment, out Region* region, out SliceRun clean)
    {
        nuint bytes = count << Region.Log2Slice;
        clean = default;
        region = null;
        if (!backend->TryCharge(bytes))
        {
            return Region.None;
        }

        // Other threads may use up a region that was just added before this thread allocates from it, so the
        // loop may add several.
        region = backend->First;
        do
        {
            // The slices of kept blocks come before those that were never used.
            nuint slice = region->AllocateUsed(count, alignment, out clean);
            slice = slice != Region.None ? slice
                : backend->ReleaseKept() ? region->Allocate(count, alignment, out clean)
                : region->AllocateFresh(count, alignment, out clean);
            if (slice != Region.None)
            {
                backend->RaisePeak();

                // A kept run was allocated before.
                if (!clean.IsKept)
                {
                    ReplacePrimary(backend, region);
                }

                return slice;
            }

            Region* next = (Region*)Atomic.Read(ref *(nuint*)&region->Next);
            region = next != null ? next : TryAddRegion(backend, count, alignment);
        }
        while (region != null);

        backend->Uncharge(bytes);
        return Region.None;
    }

    /// <summary>Frees slices, and purges some that have been free for the decay time.</summary>
    internal static void FreeSlices(HeapBackend* backend, Region* region, nuint slice, nuint count)
    {
        nuint bytes = count << Region.Log2Slice;
        bool keep = backend->DecayMilliseconds != 0 && bytes < backend->PurgeFrom;
        bool kept = keep && region->Kept.TryKeep(slice, count);
        if (!kept)
        {
            bool stale = keep
                || !PageSupply.TryPurge(&backend->Supply, region->AddressOf(slice), bytes);
            region->Free(slice, count, stale);
        }

        backend->Uncharge(bytes);
        backend->FreedSinceClock += kept ? backend->CountKept() : count;
        if (backend->FreedSinceClock >= FreedPerReading)
        {
            OnFreed(backend);
        }
    }

    /// <summary>Tries to count memory as used; fails if that would exceed a limit.</summary>
    internal bool TryCharge(nuint bytes)
    {
        while (!HeapBudget.TryAdd(ref Used, Atomic.Read(ref Limit), bytes))
        {
            if (!ReleaseKept())
            {
                return false;
            }
        }

        if (Budget == null || HeapBudget.TryAdd(ref Budget->Used, Atomic.Read(ref Budget->Limit), bytes))
        {
            return true;
        }

        _ = Atomic.Subtract(ref Used, bytes);
        return false;
    }

    /// <summary>Tries to count memory of blocks outside of the regions as used.</summary>
    internal static bool TryChargeOutside(void* backend, nuint bytes)
    {
        HeapBackend* charged = (HeapBackend*)backend;
        if (!charged->TryCharge(bytes))
        {
            return false;
        }

        _ = Atomic.Add(ref charged->OutsideUsed, bytes);
        charged->RaisePeak();
        return true;
    }

    /// <summary>Takes memory off that <see cref="TryChargeOutside"/> has counted.</summary>
    internal static void UnchargeOutside(void* backend, nuint bytes)
    {
        HeapBackend* charged = (HeapBackend*)backend;
        _ = Atomic.Subtract(ref charged->OutsideUsed, bytes);
        charged->Uncharge(bytes);
    }

    /// <summary>Records the peak, after the memory that was charged has been allocated.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void RaisePeak()
    {
        if (Atomic.Read(ref Used) > Atomic.Read(ref PeakUsed))
        {
            Atomic.Raise(ref PeakUsed, UsedBytes);
        }
    }

    internal void Uncharge(nuint bytes)
    {
        _ = Atomic.Subtract(ref Used, bytes);
        if (Budget != null)
        {
            _ = Atomic.Subtract(ref Budget->Used, bytes);
        }
    }
}
