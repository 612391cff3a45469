using System.Runtime.CompilerServices;

namespace Quarry.Gc;

/// <summary>Allocates and retires the quanta of threads.</summary>
internal static unsafe partial class ManagedHeap
{
    // Larger quanta are no faster: page faults dominate the cost of allocation.
    private const nuint MinQuantum = 8 << 10, MaxQuantum = 256 << 10;

    // A quantum is replaced if its unused end is at most this fraction of the next quantum.
    private const nuint LossDivisor = 16;

    /// <summary>Retires the quantum of a thread that exits.</summary>
    internal static void Retire(AllocationContext* context)
    {
        if (HeapMode.IsCollecting)
        {
            CollectedHeap.Retire(context);
        }
        else
        {
            FinalizationScan.CountExitedThread();
            RetireUncollected(context);
        }

        context->Next = null;
        context->Limit = null;
    }

    private static void RetireUncollected(AllocationContext* context)
    {
        if (HeapMode.IsTracing)
        {
            ObjectTrace.Write(context);
        }
        else if (context->Next != null)
        {
            // The runtime itself subtracts the unused bytes of exited threads from the total, so s_allocated
            // stays unchanged.
            nuint left = (nuint)(context->Limit - context->Next);
            context->SmallBytes -= (long)left;
            _ = Atomic.Add(ref s_unused, left);
            UnusedQuanta.Add(context->Next, context->Limit, context->Quantum.Run);
            context->Quantum.Run = null;
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static byte* AllocateFromNextQuantum(AllocationContext* context, nuint size)
    {
        if (context->Quantum.Run == null && UnusedQuanta.TryReuse(context, size, out context->Quantum.Run))
        {
            return PlaceFirst(context, size);
        }

        nuint quantum = NextSize(context);
        nuint left = (nuint)(context->Limit - context->Next);
        if (left > quantum / LossDivisor)
        {
            // Objects of some kilobytes would waste the ends of small quanta. Each such object also doubles
            // the size of the next quantum, so only a few are allocated in this way.
            return AllocateAlone(context, size, large: false, out _);
        }

        while (quantum < ObjectRun.SizeFor(size))
        {
            quantum *= 2;
        }

        ObjectRun* run = AllocateRun(quantum);
        if (run == null)
        {
            return AllocateAlone(context, size, large: false, out _);
        }

        ObjectRun* last = context->Quantum.Run;
        if (last != null && (byte*)run == (byte*)last + last->Size)
        {
            // Adjacent: the run is extended, and the unused end of the quantum is not lost. The size is
            // stored before any object beyond the old end, so a walk that finds such an object also finds the
            // new size.
            Publish(last, last->Size + quantum);
            context->Limit += quantum;
            context->SmallBytes += (long)quantum;
            CountAllocated(quantum, large: false, context->Next, size);
            return Place(context, size);
        }

        Publish(run, quantum);
        context->SmallBytes -= (long)left;
        _ = Atomic.Subtract(ref s_allocated, left);
        context->Quantum.Run = run;
        context->Next = ObjectRun.First(run);
        context->Limit = ObjectRun.Limit(run);
        return PlaceFirst(context, size);
    }

    /// <summary>Returns the size of the thread's next quantum, and doubles it for the one after it.</summary>
    internal static nuint NextSize(AllocationContext* context)
    {
        ref nuint next = ref context->Quantum.NextSize;
        nuint size = next < MinQuantum ? MinQuantum : next;
        next = size < MaxQuantum ? size * 2 : MaxQuantum;

        // A quantum raises at most one event, and listeners expect one event per about this number of bytes.
        return Events.TicksWanted && size > Events.TickBytes ? Events.TickBytes : size;
    }

    /// <summary>Places the first object in a quantum, whose bytes count as allocated from now on.</summary>
    internal static byte* PlaceFirst(AllocationContext* context, nuint size)
    {
        nuint room = (nuint)(context->Limit - context->Next);
        context->SmallBytes += (long)room;
        CountAllocated(room, large: false, context->Next, size);
        return Place(context, size);
    }
}
