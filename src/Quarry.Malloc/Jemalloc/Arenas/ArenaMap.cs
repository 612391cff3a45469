using System.Runtime.CompilerServices;

namespace Quarry.Malloc;

/// <summary>Maps addresses to arenas: one word for each 2 MiB of address space.</summary>
/// <remarks>
/// It covers the memory of all arenas but the first one, and is read only on slow paths, when an address is
/// not in the heap of the calling thread. All regions and huge blocks begin at multiples of 2 MiB, so each
/// granule belongs to at most one of them, and is written only by the thread that owns the address range at
/// that moment. Leaves are added and never removed.
/// </remarks>
internal static unsafe class ArenaMap
{
    private const int Log2Granule = ImageConstants.Log2HugePage, Log2Leaf = 32;

    // In an entry, beside the address of the arena's record.
    private const nuint HooksTag = 1;

    private const nuint Granule = 1 << Log2Granule;
    private const nuint LeafLength = 1 << (Log2Leaf - Log2Granule);

    private static nuint s_root;

    /// <summary>Gets a value that indicates whether no memory was ever added.</summary>
    internal static bool IsEmpty => Atomic.Read(ref s_root) == 0;

    private static nuint RootLength => (nuint)1 << (Os.AddressBits - Log2Leaf);

    /// <summary>Returns the arena of an address; null if there is none.</summary>
    internal static Arena* Find(void* address) => (Arena*)(EntryOf(address) & ~HooksTag);

    /// <summary>Determines whether extent hooks have provided the memory at an address.</summary>
    internal static bool IsFromHooks(void* address) => (EntryOf(address) & HooksTag) != 0;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static nuint EntryOf(void* address)
    {
        nuint* root = (nuint*)Atomic.Read(ref s_root);
        nuint index = (nuint)address >> Log2Leaf;
        nuint* leaf = root == null || index >= RootLength ? null : (nuint*)Atomic.Read(ref root[index]);
        return leaf == null ? 0 : Atomic.Read(ref leaf[SlotOf(address)]);
    }

    /// <summary>Adds a range, which begins at a granule.</summary>
    /// <returns>False if there is no memory for the map; then nothing is added.</returns>
    internal static bool TryAdd(Arena* arena, void* start, nuint size, bool fromHooks = false)
    {
        nuint entry = (nuint)arena | (fromHooks ? HooksTag : 0);
        for (nuint offset = 0; offset < size; offset += Granule)
        {
            nuint* leaf = LeafOf((byte*)start + offset);
            if (leaf == null)
            {
                Remove(start, offset);
                return false;
            }

            Atomic.Write(ref leaf[SlotOf((byte*)start + offset)], entry);
        }

        return true;
    }

    /// <summary>Removes the granules that begin in a range, before the range is released.</summary>
    internal static void Remove(void* start, nuint size)
    {
        byte* end = (byte*)start + size;
        byte* at = (byte*)Layout.AlignUp((nuint)start, Granule);
        for (; s_root != 0 && at < end; at += Granule)
        {
            if (EntryOf(at) != 0)
            {
                Atomic.Write(ref LeafOf(at)[SlotOf(at)], 0);
            }
        }
    }

    private static nuint SlotOf(void* address) => ((nuint)address >> Log2Granule) % LeafLength;

    /// <summary>Returns the leaf of an address, which is added if necessary; null if out of memory.
    /// </summary>
    private static nuint* LeafOf(void* address)
    {
        nuint* root = (nuint*)Table(ref s_root, RootLength);
        nuint index = (nuint)address >> Log2Leaf;
        return root == null || index >= RootLength ? null : (nuint*)Table(ref root[index], LeafLength);
    }

    private static void* Table(ref nuint word, nuint length)
    {
        if (Atomic.Read(ref word) == 0)
        {
            void* table = Os.Map(length * (nuint)sizeof(nuint));
            if (table != null && !Atomic.TryReplace(ref word, 0, (nuint)table))
            {
                Os.Unmap(table, length * (nuint)sizeof(nuint));
            }
        }

        return (void*)Atomic.Read(ref word);
    }
}
