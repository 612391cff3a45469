using System.Runtime.CompilerServices;

namespace Quarry;

/// <summary>Maps addresses to regions and huge blocks: one word for each 2 MiB of address space.</summary>
/// <remarks>
/// A tree of two levels for all regions but the first, and huge blocks. Leaves are added and never removed.
/// An entry is written only by the thread that owns the address range at that moment, so a store with release
/// semantics is enough; only freeing a huge block, which two threads may attempt at once, is a
/// compare-and-swap. The second half of a leaf has a word for the <see cref="SampleRecords">record</see> of
/// each huge block; it is written only once a huge block is sampled.
/// </remarks>
internal unsafe struct PageMap
{
    /// <summary>The bits of an entry that hold its kind; an entry of 0 is an unknown address.</summary>
    internal const nuint TagMask = 7;

    /// <summary>The entry is the address of the <see cref="Region"/>.</summary>
    internal const nuint RegionTag = 1;

    /// <summary>
    /// A huge block begins at this granule; the entry is its size, a multiple of the system's page size.
    /// </summary>
    internal const nuint HugeTag = 2;

    /// <summary>The size of the root, in bytes: one word for each 4 GiB of address space.</summary>
    /// <remarks>Pages of the root are touched only as they are used.</remarks>
    internal static nuint RootBytes => RootLength * 8;

    private const int Log2Granule = ImageConstants.Log2HugePage, Log2Leaf = 32;
    private const nuint LeafLength = 1 << (Log2Leaf - Log2Granule);
    private const nuint LeafBytes = 2 * LeafLength * 8;

    private static nuint RootLength => (nuint)1 << (Os.AddressBits - Log2Leaf);

    /// <summary>The first level: addresses of leaves.</summary>
    public nuint* Root;

    // One more than the last index of a leaf, and the length of the root less the first index, so that both
    // begin as 0 and only rise.
    private nuint _end, _fromEnd;

    /// <summary>Returns the entry for an address; 0 if there is none.</summary>
    internal readonly nuint Find(void* address)
    {
        nuint* entry = Entry(address);
        return entry == null ? 0 : Atomic.Read(ref *entry);
    }

    /// <summary>Tries to ensure that the address has a leaf.</summary>
    /// <returns>False if there is no memory for a leaf, or the map does not cover the address.</returns>
    internal bool TryPrepare(void* address, MetadataPool* metadata)
    {
        if ((nuint)address >> Log2Leaf >= RootLength)
        {
            return false;
        }

        nuint* slot = LeafSlot(address);
        if (Atomic.Read(ref *slot) == 0)
        {
            // If two threads add the same leaf, one of the two stays unused until the heap is destroyed.
            void* leaf = MetadataPool.Allocate(metadata, LeafBytes, MetadataPool.LineSize);
            if (leaf == null)
            {
                return false;
            }

            Span((nuint)address >> Log2Leaf);
            _ = Atomic.TryReplace(ref *slot, 0, (nuint)leaf);
        }

        return true;
    }

    /// <summary>Sets the entry of an address that has a leaf.</summary>
    internal readonly void Set(void* address, nuint entry) => Atomic.Write(ref *Entry(address), entry);

    /// <summary>Returns the record of an address that has a leaf.</summary>
    internal readonly nuint* RecordOf(void* address) => Entry(address) + LeafLength;

    /// <summary>Returns the most bytes of leaves that a range of a size can need.</summary>
    internal static nuint LeafBytesFor(nuint size) => ((size >> Log2Leaf) + 2) * LeafBytes;

    /// <summary>Determines whether the map covers a range.</summary>
    internal static bool Covers(void* start, nuint size) =>
        ((nuint)start + size - 1) >> Log2Leaf < RootLength;

    /// <summary>
    /// Sets the entries of a region, with leaves from zeroed memory of the region.
    /// </summary>
    /// <remarks>Allocating leaves from the metadata pool could require another region in turn.</remarks>
    internal void SetRange(void* start, nuint size, nuint entry, byte* leaves)
    {
        for (nuint offset = 0; offset < size; offset += 1 << Log2Granule)
        {
            byte* address = (byte*)start + offset;
            nuint* slot = LeafSlot(address);
            Span((nuint)address >> Log2Leaf);
            if (Atomic.Read(ref *slot) == 0 && Atomic.TryReplace(ref *slot, 0, (nuint)leaves))
            {
                leaves += LeafBytes;
            }

            Set(address, entry);
        }
    }

    /// <summary>
    /// Tries to clear the entry of a huge block; if several threads free the block, only one succeeds.
    /// </summary>
    internal readonly bool TryClear(void* start, nuint entry) =>
        Atomic.TryReplace(ref *Entry(start), entry, 0);

    /// <summary>Returns the first huge block at or after an address; null if there is none.</summary>
    internal void* NextHuge(void* from, out nuint size)
    {
        nuint first = (RootLength - Atomic.Read(ref _fromEnd)) << (Log2Leaf - Log2Granule);
        nuint end = Atomic.Read(ref _end) << (Log2Leaf - Log2Granule);
        nuint granule = (nuint)from >> Log2Granule;
        granule = granule < first ? first : granule;
        while (granule < end)
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

    // Before the leaf is there, so that every entry is enumerated, even if the thread is killed in between.
    private void Span(nuint root)
    {
        Atomic.Raise(ref _end, root + 1);
        Atomic.Raise(ref _fromEnd, RootLength - root);
    }

    private readonly nuint* LeafSlot(void* address) => &Root[(nuint)address >> Log2Leaf];
}
