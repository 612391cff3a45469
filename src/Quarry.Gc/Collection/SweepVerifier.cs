namespace Quarry.Gc;

/// <summary>
/// Verifies the heap at the start of a collection: that the previous one was swept, and that threads have
/// allocated nowhere else than they have recorded.
/// </summary>
/// <remarks>
/// Each object is old, and marked, or young, and in an acquired range. Everything else is free, and each hole
/// is in a list, unless it is in an acquired range.
/// </remarks>
internal static unsafe class SweepVerifier
{
    private static KnownTypes s_types;
    private static nuint s_young;
    private static nuint s_holes;

    /// <summary>Verifies the heap; the quanta of all threads must be left.</summary>
    internal static void Verify()
    {
        s_types = default;
        s_young = s_holes = 0;
        Count(ManagedHeap.FirstObject, ManagedHeap.Start + ManagedHeap.UsedBytes + sizeof(nuint));
        nuint young = s_young;
        nuint holes = s_holes;
        s_young = s_holes = 0;
        for (nuint index = 0; index < AllocatedRanges.Count; index++)
        {
            MemoryRange range = AllocatedRanges.Get(index);
            Count(range.Start, range.End);
        }

        HeapVerifier.Require(!AllocatedRanges.IsComplete || young == s_young,
            "a dead object was not swept, or a range is missing"u8, null);
        HeapVerifier.Require(!AllocatedRanges.IsComplete || holes - s_holes == FreeSpace.Bytes,
            "holes are missing or in two lists before a collection"u8, null);
        FreeSpace.Verify();
    }

    /// <summary>Counts the bytes of young objects and of holes in a sequence of objects.</summary>
    private static void Count(byte* place, byte* end)
    {
        nuint size;
        for (; place < end; place += size)
        {
            ManagedObject* instance = (ManagedObject*)place;
            MethodTable* type = ManagedObject.TypeOf(instance);
            HeapVerifier.Require(s_types.IsValid(type), "there is no valid object before"u8, place);
            size = ManagedObject.SizeOf(instance, type);
            HeapVerifier.Require(size >= ManagedObject.MinSize && size <= (nuint)(end - place),
                "invalid size before"u8, place);
            if (FreeObject.IsType(type))
            {
                s_holes += size >= FreeSpace.MinHole ? size : 0;
            }
            else if (!MarkBits.IsSet((nuint)(place - ManagedHeap.Start)))
            {
                s_young += size;
            }
        }
    }
}
