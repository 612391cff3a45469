using System.Runtime.CompilerServices;

namespace Quarry.Gc;

/// <summary>Marks objects, and everything that they refer to.</summary>
/// <remarks>
/// Objects outside the heap are never marked, and count as live: the runtime allocates literals and types in
/// segments of its own, which do not refer to objects of the heap.
/// </remarks>
internal static unsafe class Marker
{
    // The part of an array that is visited at a time.
    private const nuint SliceSize = 8 << 10;

    // Whether the sizes of visited objects are added up.
    private static bool s_counts;

    /// <summary>The size of the objects that were visited, if they are counted.</summary>
    internal static nuint CountedBytes { get; private set; }

    /// <summary>Starts or ends the count of bytes, which takes time.</summary>
    internal static void Count(bool counts)
    {
        s_counts = counts;
        CountedBytes = 0;
    }

    /// <summary>Determines whether an object is known to be live.</summary>
    internal static bool IsLive(ManagedObject* instance) =>
        !ManagedHeap.Contains(instance) || MarkBits.IsSet((nuint)instance - (nuint)ManagedHeap.Start);

    /// <summary>
    /// Marks an object, and pushes it to be visited. Null and objects elsewhere are ignored.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void Push(ManagedObject* instance)
    {
        nuint offset = (nuint)instance - (nuint)ManagedHeap.Start;
        if (offset < ManagedHeap.ReservedBytes && MarkBits.TrySet(offset))
        {
            MarkStack.Push(instance);
        }
    }

    /// <summary>Marks an object and everything that can be reached from it.</summary>
    internal static void Mark(ManagedObject* instance)
    {
        Push(instance);
        Drain();
    }

    /// <summary>Visits the pushed objects until there are none.</summary>
    internal static void Drain()
    {
        do
        {
            while (MarkStack.TryPop(out ManagedObject* instance, out byte* next))
            {
                Visit(instance, next);
            }
        }
        while (MarkStack.TryTakeDropped(out MemoryRange range) && PushAgain(range));
    }

    /// <summary>Marks what an object refers to between two addresses.</summary>
    internal static void MarkBetween(
        ManagedObject* instance, MethodTable* type, nuint size, byte* from, byte* to)
    {
        Pusher pusher = default;
        ObjectReferences.VisitBetween(instance, type, size, from, to, ref pusher);
    }

    private static void Visit(ManagedObject* instance, byte* next)
    {
        MethodTable* type = ManagedObject.TypeOf(instance);
        if (MethodTable.IsCollectible(type))
        {
            // The type is unloaded when its last object is gone.
            Push(Runtime.LoaderAllocatorOf(instance));
        }

        if (s_counts && next == null)
        {
            CountedBytes += ManagedObject.SizeOf(instance, type);
        }

        if (!MethodTable.ContainsReferences(type))
        {
            return;
        }

        nuint size = ManagedObject.SizeOf(instance, type);
        if (size > SliceSize)
        {
            VisitSlice(instance, type, size, next == null ? (byte*)instance : next);
            return;
        }

        Pusher pusher = default;
        ObjectReferences.Visit(instance, type, size, ref pusher);
    }

    private static void VisitSlice(ManagedObject* instance, MethodTable* type, nuint size, byte* from)
    {
        byte* to = from + SliceSize;
        if (to < (byte*)instance + size)
        {
            // Before what the slice pushes, which is visited first.
            MarkStack.PushRest(instance, to);
        }

        MarkBetween(instance, type, size, from, to);
    }

    /// <summary>Visits the marked objects between two addresses, some of which were dropped.</summary>
    /// <returns>Always true.</returns>
    private static bool PushAgain(MemoryRange range)
    {
        nuint start = (nuint)ManagedHeap.Start;
        nuint end = (nuint)range.End - start;
        for (nuint offset = MarkBits.First((nuint)range.Start - start, end); offset != MarkBits.None;
            offset = MarkBits.First(offset + ManagedObject.MinSize, end))
        {
            Visit((ManagedObject*)(start + offset), next: null);
            while (MarkStack.TryPop(out ManagedObject* instance, out byte* next))
            {
                Visit(instance, next);
            }
        }

        return true;
    }

    /// <summary>Pushes what fields refer to.</summary>
    private struct Pusher : IReferenceVisitor
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public readonly bool Visit(ManagedObject** field)
        {
            Push(*field);
            return true;
        }
    }
}
