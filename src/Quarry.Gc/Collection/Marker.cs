namespace Quarry.Gc;

/// <summary>Marks objects, and everything that they refer to.</summary>
/// <remarks>
/// Objects outside the heap are never marked, and count as live: the runtime allocates literals and types in
/// segments of its own, which do not refer to objects of the heap.
/// </remarks>
internal static unsafe class Marker
{
    private static nuint s_worker;

    /// <summary>The size of the objects that were visited, if they are counted.</summary>
    internal static nuint CountedBytes => Worker->CountedBytes;

    private static MarkWorker* Worker => (MarkWorker*)s_worker;

    /// <summary>Reserves memory.</summary>
    /// <returns>False if out of memory.</returns>
    internal static bool TryCreate()
    {
        s_worker = (nuint)Os.Map((nuint)sizeof(MarkWorker));
        return s_worker != 0 && Worker->TryCreate();
    }

    /// <summary>Starts or ends the count of bytes, which takes time.</summary>
    internal static void Count(bool counts) => Worker->Count(counts);

    /// <summary>Determines whether an object is known to be live.</summary>
    internal static bool IsLive(ManagedObject* instance) =>
        !ManagedHeap.Contains(instance) || MarkBits.IsSet((nuint)instance - (nuint)ManagedHeap.Start);

    /// <summary>Marks an object and everything that can be reached from it.</summary>
    internal static void Mark(ManagedObject* instance)
    {
        Worker->Push(instance);
        Drain();
    }

    /// <summary>Visits the pushed objects until there are none.</summary>
    internal static void Drain()
    {
        Worker->Drain();
        Worker->DrainDropped();
    }

    /// <summary>Marks what an object refers to between two addresses.</summary>
    internal static void MarkBetween(
        ManagedObject* instance, MethodTable* type, nuint size, byte* from, byte* to) =>
        Worker->MarkBetween(instance, type, size, from, to);

    /// <summary>Returns memory at the end of a collection.</summary>
    internal static void Trim() => Worker->Trim();
}
