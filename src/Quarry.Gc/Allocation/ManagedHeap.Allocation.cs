using System.Runtime.CompilerServices;

namespace Quarry.Gc;

/// <summary>Allocates objects, in quanta or as runs of their own.</summary>
internal static unsafe partial class ManagedHeap
{
    /// <summary>The size from which an object is allocated as a run of its own.</summary>
    internal const nuint LargeObject = 32 << 10;

    // GC_ALLOC_FLAGS
    private const uint FlagFinalizer = 1, FlagLarge = 32, FlagPinned = 64;

    /// <summary>
    /// Allocates memory for an object. Called by the allocating thread in cooperative mode, so no suspension
    /// completes before the runtime has stored the method table and the length.
    /// </summary>
    /// <returns>The zeroed memory of the object; null if out of memory.</returns>
    internal static ManagedObject* Allocate(AllocationContext* context, nuint size, uint flags)
    {
        size = Layout.AlignUp(size, 8);
        bool large = (flags & (FlagLarge | FlagPinned)) != 0;
        byte* place = HeapMode.IsCollecting
            ? CollectedHeap.Allocate(context, size, flags, large)
            : AllocateUncollected(context, size, large);
        if (place != null && (flags & FlagFinalizer) != 0
            && !FinalizerQueue.TryRegister((ManagedObject*)place))
        {
            FreeObject.Fill(place, size);
            place = null;
        }

        if (place == null)
        {
            OutOfMemoryReport.Write(size);
        }

        return (ManagedObject*)place;
    }

    private static byte* AllocateUncollected(AllocationContext* context, nuint size, bool large)
    {
        if (FinalizationScan.IsDue)
        {
            FinalizationScan.Run();
        }

        if (HeapMode.IsTracing)
        {
            return AllocateTraced(context, size, large);
        }

        if (large || size >= LargeObject)
        {
            return AllocateAlone(context, size, large, out _);
        }

        // If the quantum has room, the object has a finalizer or is sampled.
        return size <= (nuint)(context->Limit - context->Next)
            ? Place(context, size)
            : AllocateFromNextQuantum(context, size);
    }

    private static byte* AllocateTraced(AllocationContext* context, nuint size, bool large)
    {
        byte* place = AllocateAlone(context, size, large, out ObjectRun* run);
        if (place != null)
        {
            ObjectTrace.Write(context);
            ObjectTrace.Remember(context, run);
        }

        return place;
    }

    /// <summary>Allocates an object as a run of its own. The thread's quantum is unchanged.</summary>
    private static byte* AllocateAlone(
        AllocationContext* context, nuint size, bool large, out ObjectRun* run)
    {
        nuint runSize = ObjectRun.SizeFor(size);
        run = AllocateRun(runSize);
        if (run == null)
        {
            return null;
        }

        Publish(run, runSize);
        if (large)
        {
            context->LargeBytes += (long)size;
        }
        else
        {
            context->SmallBytes += (long)size;
        }

        byte* place = ObjectRun.First(run);
        CountAllocated(size, large, place, size);
        return place;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static byte* Place(AllocationContext* context, nuint size)
    {
        byte* place = context->Next;
        context->Next = place + size;
        return place;
    }

    /// <summary>Counts bytes that are allocated to a thread, of which an object is the first.</summary>
    internal static void CountAllocated(nuint bytes, bool large, byte* place, nuint size)
    {
        nuint allocated = Atomic.Add(ref s_allocated, bytes);
        if (Events.TicksWanted)
        {
            Events.CountAllocation(bytes, large, place, size);
        }

        NoCollectionRegion.Check(allocated);
    }
}
