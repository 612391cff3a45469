using System.Runtime.CompilerServices;

namespace Quarry.Gc;

/// <summary>Finds the object that contains an address.</summary>
/// <remarks>
/// <para>
/// Stacks and registers contain pointers into the middle of objects. Within a sequence of objects, the next
/// one is found by the size of the previous one, so one known start before the address is sufficient. Known
/// are: the starts of marked objects; one start in each block of 1 KiB where a thread's quantum began, or
/// where an object was marked before the bits were cleared; and the starts of large objects, by granule.
/// </para>
/// <para>
/// A thread stores the start of its quantum without a lock. Two quanta may begin in one block: either start
/// is correct.
/// </para>
/// </remarks>
internal static unsafe class ObjectStarts
{
    private const int BlockShift = 10;
    private const nuint BlockSize = 1 << BlockShift;
    private const nuint BlocksInGranule = Granules.Size / BlockSize;

    // The object found last: a deep recursion passes pointers into the same large array.
    private static byte* s_start;
    private static byte* s_end;

    /// <summary>Records that an object or a free object starts at an address.</summary>
    internal static void Add(byte* place)
    {
        nuint offset = (nuint)(place - ManagedHeap.Start);

        // The number of the word in the block, from 1.
        CollectorTables.Starts[offset >> BlockShift] = (byte)(1 + ((offset & (BlockSize - 1)) >> 3));
    }

    /// <summary>
    /// Records a marked object of each block, before the mark bits are cleared for a full collection.
    /// </summary>
    internal static void AddMarked(nuint used)
    {
        for (nuint granule = 0; Granules.TryFindOccupied(ref granule, used / Granules.Size, out nuint end);
            granule = end)
        {
            for (nuint block = granule * BlocksInGranule; block < end * BlocksInGranule; block++)
            {
                AddMarkedInBlock(block);
            }
        }
    }

    /// <summary>
    /// Forgets all recorded starts after marking: every live object is marked then, and the others become
    /// parts of free objects.
    /// </summary>
    internal static void Clear(nuint used)
    {
        for (nuint granule = 0; Granules.TryFindOccupied(ref granule, used / Granules.Size, out nuint end);
            granule = end)
        {
            Memory.Clear(
                CollectorTables.Starts + (granule * BlocksInGranule), (end - granule) * BlocksInGranule);
        }

        ForgetLast();
    }

    /// <summary>Forgets the object found last, before objects are freed or created.</summary>
    internal static void ForgetLast() => s_start = s_end = null;

    /// <summary>
    /// Returns the object that contains an address; null if there is none. The contexts of all threads must
    /// be retired.
    /// </summary>
    internal static ManagedObject* Find(byte* address)
    {
        if (address >= s_start && address < s_end)
        {
            return (ManagedObject*)s_start;
        }

        byte* end = ManagedHeap.Start + ManagedHeap.UsedBytes;
        if (address < ManagedHeap.FirstObject || address >= end)
        {
            return null;
        }

        nuint known = FindKnown((nuint)(address - ManagedHeap.Start));
        byte* place = known == MarkBits.None ? ManagedHeap.FirstObject : ManagedHeap.Start + known;
        for (; ; )
        {
            MethodTable* type = ManagedObject.TypeOf((ManagedObject*)place);
            if (type == null)
            {
                return null;
            }

            byte* next = place + ManagedObject.SizeOf((ManagedObject*)place, type);
            if (next > address)
            {
                if (FreeObject.IsType(type))
                {
                    return null;
                }

                s_start = place;
                s_end = next;
                return (ManagedObject*)place;
            }

            place = next;
        }
    }

    private static void AddMarkedInBlock(nuint block)
    {
        const int WordsInBlock = (int)(BlockSize / 8 / 64);
        ulong* marks = CollectorTables.Marks + (block * WordsInBlock);
        if ((marks[0] | marks[1]) != 0 && CollectorTables.Starts[block] == 0)
        {
            nuint offset = MarkBits.First(block << BlockShift, (block + 1) << BlockShift);
            CollectorTables.Starts[block] = (byte)(1 + ((offset & (BlockSize - 1)) >> 3));
        }
    }

    /// <summary>
    /// Returns the last known start at or before an offset; <see cref="MarkBits.None"/> if there is none.
    /// </summary>
    internal static nuint FindKnown(nuint offset)
    {
        for (nuint block = offset >> BlockShift; ; block--)
        {
            nuint start = block << BlockShift;
            nuint end = start + BlockSize - 8;
            nuint found = LastInBlock(block, offset < end ? offset : end);
            if (found == MarkBits.None && start % Granules.Size == 0)
            {
                found = Granules.ObjectAt(start / Granules.Size);
            }

            if (found != MarkBits.None || block == 0)
            {
                return found;
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static nuint LastInBlock(nuint block, nuint limit)
    {
        nuint start = block << BlockShift;
        nuint word = CollectorTables.Starts[block];
        nuint recorded = word == 0 ? MarkBits.None : start + ((word - 1) << 3);
        nuint marked = MarkBits.Last(ConcurrentMark.PreviousMarks, start, limit);
        return recorded > limit || marked > recorded ? marked : recorded;
    }
}
