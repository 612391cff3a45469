using System.Runtime.CompilerServices;

namespace Quarry;

/// <summary>Maps an address to what it belongs to: one word for each 2 MiB of the address space.</summary>
/// <remarks>
/// A tree of two levels for what the fast path does not cover: regions beyond a thread's primary one, and
/// huge blocks. Leaves are added and never removed. An entry is written only by the thread that owns the
/// address range at that moment, so a plain acquire load finds it; only the freeing of a huge block, which
/// two threads may attempt at once, is a compare-and-swap.
/// </remarks>
internal unsafe struct PageMap
{
    /// <summary>The low bits of an entry give its kind; 0 is an unknown address.</summary>
    internal const nuint TagMask = 7;

    /// <summary>The entry is the address of the <see cref="Region"/>.</summary>
    internal const nuint RegionTag = 1;

    /// <summary>
    /// A huge block begins at exactly this granule; the entry is its size, a multiple of the page size.
    /// </summary>
    internal const nuint HugeTag = 2;

    /// <summary>The size of the root: one word for each 4 GiB that a program can address.</summary>
    /// <remarks>Only pages of it that are used are touched.</remarks>
    internal static nuint RootBytes => RootLength * 8;

    private const int Log2Granule = 21, Log2Leaf = 32;
    private const nuint LeafLength = 1 << (Log2Leaf - Log2Granule);
    private const nuint LeafBytes = LeafLength * 8;

    private static nuint RootLength => (nuint)1 << (Os.AddressBits - Log2Leaf);

    /// <summary>The first level: addresses of leaves.</summary>
    public nuint* Root;

    /// <summary>Returns the entry for an address, 0 if there is none.</summary>
    internal readonly nuint Find(void* address)
    {
        nuint* entry = Entry(address);
        return entry == null ? 0 : Atomic.Read(ref *entry);
    }

    /// <summary>Makes sure that the address has a leaf.</summary>
    /// <returns>False if there is no memory for a leaf, or the map does not cover the address.</returns>
    internal readonly bool TryPrepare(void* address, MetadataPool* metadata)
    {
        if ((nuint)address >> Log2Leaf >= RootLength)
        {
            return false;
        }

        nuint* slot = LeafSlot(address);
        if (Atomic.Read(ref *slot) == 0)
        {
            // Of two threads that add the same leaf one loses; its leaf stays unused until the heap ends.
            void* leaf = MetadataPool.Allocate(metadata, LeafBytes, MetadataPool.LineSize);
            if (leaf == null)
            {
                return false;
            }

            _ = Atomic.TryReplace(ref *slot, 0, (nuint)leaf);
        }

        return true;
    }

    /// <summary>Sets the entry of an address that has a leaf.</summary>
    internal readonly void Set(void* address, nuint entry) => Atomic.Write(ref *Entry(address), entry);

    /// <summary>Returns the number of bytes of leaves that a range of this size can need.</summary>
    internal static nuint LeafBytesFor(nuint size) => ((size >> Log2Leaf) + 2) * LeafBytes;

    /// <summary>Determines whether the map covers a range.</summary>
    internal static bool Covers(void* start, nuint size) =>
        ((nuint)start + size - 1) >> Log2Leaf < RootLength;

    /// <summary>
    /// Sets the entries of a region, with zeroed memory for leaves that the region brings along.
    /// </summary>
    /// <remarks>Leaves from the metadata pool could need another region in turn.</remarks>
    internal readonly void SetRange(void* start, nuint size, nuint entry, byte* leaves)
    {
        for (nuint offset = 0; offset < size; offset += 1 << Log2Granule)
        {
            byte* address = (byte*)start + offset;
            nuint* slot = LeafSlot(address);
            if (Atomic.Read(ref *slot) == 0 && Atomic.TryReplace(ref *slot, 0, (nuint)leaves))
            {
                leaves += LeafBytes;
            }

            Set(address, entry);
        }
    }

    /// <summary>
    /// Clears the entry of a huge block; of several threads that free it only one succeeds.
    /// </summary>
    internal readonly bool TryClear(void* start, nuint entry) =>
        Atomic.TryReplace(ref *Entry(start), entry, 0);

    /// <summary>Returns the first huge block at or after an address; null if there is none.</summary>
    internal readonly void* NextHuge(void* from, out nuint size)
    {
        nuint granule = (nuint)from >> Log2Granule;
        while (granule >> (Log2Leaf - Log2Granule) < RootLength)
        {
            nuint* leaf = (nuint*)Atomic.Read(ref Root[granule >> (Log2Leaf - Log2Granule)]);
            if (leaf == null)
            {
                granule = (granule / LeafLength * LeafLength) + LeafLength;
                continue;
            }

            nuint entry = Atomic.Read(ref leaf[granule % LeafLength]);
            if ((entry & TagMask) == HugeTag)
            {
                size = entry & ~TagMask;
                return (void*)(granule << Log2Granule);
            }

            granule++;
        }

        size = 0;
        return null;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private readonly nuint* Entry(void* address)
    {
        nuint root = (nuint)address >> Log2Leaf;
        nuint* leaf = root < RootLength ? (nuint*)Atomic.Read(ref Root[root]) : null;
        return leaf == null ? null : &leaf[((nuint)address >> Log2Granule) % LeafLength];
    }

    private readonly nuint* LeafSlot(void* address) => &Root[(nuint)address >> Log2Leaf];
}
