using System.Runtime.CompilerServices;

namespace Quarry.Gc;

/// <summary>The no-GC region of the program, started by <c>GC.TryStartNoGCRegion</c>.</summary>
/// <remarks>
/// A region has a size, which must fit into the heap, and can have a callback that runs after a number of
/// bytes has been allocated. While it lasts, the mode <c>collect</c> collects only on request, before an
/// <c>OutOfMemoryException</c>, and when more than the size was allocated; each of these ends the region, and
/// the program learns of it when it ends the region itself. In other modes, collections never happen. Any
/// thread may start or end the region, and any thread that allocates may reach that number: the fields of the
/// callback change under a lock, which is held for a few instructions.
/// </remarks>
internal static unsafe class NoCollectionRegion
{
    // start_no_gc_region_status, end_no_gc_region_status, enable_no_gc_region_callback_status
    private const int Success = 0, NotInProgress = 1, NoMemory = 1, InProgress = 3;
    private const nuint Induced = 2, Exceeded = 3;
    private const int NotStarted = 1, BeyondRegion = 2, AlreadyRegistered = 3;

    private static uint s_lock;

    // The size of the region; 0 for none.
    private static nuint s_size;

    // The total of allocated bytes at its start.
    private static nuint s_startedAt;

    // How a collection ended the region; 0 if none did.
    private static nuint s_endedBy;

    // The registered callback, and the total of allocated bytes at which it runs; 0 for none.
    private static FinalizerWorkItem* s_registered;
    private static nuint s_threshold;

    // Callbacks that the finalizer thread has not fetched yet, including those of earlier regions.
    private static FinalizerWorkItem* s_scheduled;

    internal static bool IsInProgress => Atomic.Read(ref s_size) != 0;

    /// <summary>Determines whether the program may allocate more before a collection.</summary>
    internal static bool Allows() =>
        IsInProgress && ManagedHeap.AllocatedBytes - Atomic.Read(ref s_startedAt) <= Atomic.Read(ref s_size);

    /// <summary>Ends the region, if there is one, because a collection happens.</summary>
    internal static void EndForCollection(bool induced)
    {
        if (Atomic.Exchange(ref s_size, 0) != 0)
        {
            Atomic.Write(ref s_endedBy, induced ? Induced : Exceeded);
            Schedule(allocated: nuint.MaxValue, abandoned: true);
        }
    }

    internal static int Start(ulong size)
    {
        // Holes are claimed already.
        nuint holes = FreeSpace.Bytes - Granules.PurgedBytes;
        nuint claim = (nuint)size > holes ? (nuint)size - holes : 0;
        if (size > SystemMemory.TotalBytes() || !HeapLimit.Allows(claim))
        {
            return NoMemory;
        }

        if (Atomic.Read(ref s_endedBy) != 0 || !Atomic.TryReplace(ref s_size, 0, size == 0 ? 1 : (nuint)size))
        {
            return InProgress;
        }

        Atomic.Write(ref s_startedAt, ManagedHeap.AllocatedBytes);
        return Success;
    }

    internal static int End()
    {
        if (Atomic.Exchange(ref s_size, 0) == 0)
        {
            nuint endedBy = Atomic.Exchange(ref s_endedBy, 0);
            return endedBy == 0 ? NotInProgress : (int)endedBy;
        }

        Schedule(allocated: nuint.MaxValue, abandoned: true);
        return Success;
    }

    /// <summary>Registers a callback that runs after a number of bytes has been allocated.</summary>
    internal static int Register(FinalizerWorkItem* item, ulong bytes)
    {
        Lock();
        int status = s_size == 0 ? NotStarted
            : bytes > s_size ? BeyondRegion
            : s_registered != null ? AlreadyRegistered
            : Success;
        if (status == Success)
        {
            s_registered = item;
            Atomic.Write(ref s_threshold, ManagedHeap.AllocatedBytes + (nuint)bytes);
        }

        Unlock();
        return status;
    }

    /// <summary>Schedules the callback if its threshold is reached.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void Check(nuint allocated)
    {
        nuint threshold = Atomic.Read(ref s_threshold);
        if (threshold != 0 && allocated >= threshold)
        {
            Schedule(allocated, abandoned: false);
        }
    }

    /// <summary>Returns the list of callbacks for the finalizer thread, and empties it.</summary>
    internal static FinalizerWorkItem* TakeScheduled()
    {
        Lock();
        FinalizerWorkItem* items = s_scheduled;
        s_scheduled = null;
        Unlock();
        return items;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Schedule(nuint allocated, bool abandoned)
    {
        Lock();
        FinalizerWorkItem* item = s_registered;

        // Compared again under the lock: the callback may now be that of another region.
        bool isDue = item != null && allocated >= s_threshold;
        if (isDue)
        {
            s_registered = null;
            Atomic.Write(ref s_threshold, 0);
            item->Scheduled = 1;
            item->Abandoned = abandoned ? (byte)1 : (byte)0;
            item->Next = s_scheduled;
            s_scheduled = item;
        }

        Unlock();
        if (isDue)
        {
            Runtime.WakeFinalizer();
        }
    }

    // The holder is not suspended meanwhile, because it is inside a call from the runtime.
    private static void Lock()
    {
        while (Atomic.Exchange(ref s_lock, 1) != 0)
        {
            Os.Yield();
        }
    }

    private static void Unlock() => _ = Atomic.Exchange(ref s_lock, 0);
}
