using System.Runtime.CompilerServices;

namespace Quarry;

/// <summary>
/// Finds what lies at an address: one word for each 2 MiB of the address space, in a tree of two levels.
/// </summary>
/// <remarks>
/// It serves what the fast path does not know: regions beyond the first, and large blocks with mappings of
/// their own. An entry is written only by the owner of the address range, so reading needs no more than the
/// loads.
/// </remarks>
internal unsafe struct PageMap
{
    /// <summary>The low bits of an entry say what it is; 0 is nothing of ours.</summary>
    internal const nuint TagMask = 7;

    /// <summary>The entry is the address of the <see cref="Region"/>.</summary>
    internal const nuint RegionTag = 1;

    /// <summary>
    /// A mapped block begins at exactly this granule; the entry is its size, a multiple of the page size.
    /// </summary>
    internal const nuint MappedTag = 2;

    /// <summary>
    /// The size of the root: one word for each 4 GiB of the 47 bits that a program can address.
    /// </summary>
    internal const nuint RootBytes = RootLength * 8;

    private const int Log2Granule = 21, Log2Leaf = 32;
    private const nuint RootLength = 1 << (47 - Log2Leaf);
    private const nuint LeafLength = 1 << (Log2Leaf - Log2Granule);
    private const nuint LeafBytes = LeafLength * 8;

    /// <summary>The first level: addresses of leaves.</summary>
    public nuint* Root;

    /// <summary>The entry for an address, 0 if there is none.</summary>
    internal readonly nuint Find(void* address)
    {
        nuint* entry = Entry(address);
        return entry == null ? 0 : Atomic.Read(ref *entry);
    }

    /// <summary>Sets the entry of one address.</summary>
    /// <returns>False if there is no memory for a leaf.</returns>
    internal readonly bool TrySet(HeapState* heap, void* address, nuint entry)
    {
        nuint* slot = LeafSlot(address);
        if (Atomic.Read(ref *slot) == 0)
        {
            // Of two threads that add the same leaf one loses, and its leaf lies idle until the heap ends.
            void* leaf = MetadataPool.Allocate(heap, LeafBytes);
            if (leaf == null)
            {
                return false;
            }

            _ = Atomic.TryReplace(ref *slot, 0, (nuint)leaf);
        }

        Atomic.Write(ref *Entry(address), entry);
        return true;
    }

    /// <summary>The memory for leaves that a range of this size can need.</summary>
    internal static nuint LeafBytesFor(nuint size) => ((size >> Log2Leaf) + 2) * LeafBytes;

    /// <summary>Sets the entries of a region, with zeroed memory for leaves that it brings along.</summary>
    /// <remarks>Asking the heap for that memory could mean to need a region again.</remarks>
    internal readonly void Set(void* start, nuint size, nuint entry, byte* leaves)
    {
        for (nuint offset = 0; offset < size; offset += 1 << Log2Granule)
        {
            byte* address = (byte*)start + offset;
            nuint* slot = LeafSlot(address);
            if (Atomic.Read(ref *slot) == 0 && Atomic.TryReplace(ref *slot, 0, (nuint)leaves))
            {
                leaves += LeafBytes;
            }

            Atomic.Write(ref *Entry(address), entry);
        }
    }

    /// <summary>Clears the entry of an address that has one.</summary>
    internal readonly void Clear(void* address) => Atomic.Write(ref *Entry(address), 0);

    /// <summary>
    /// Clears the entry of a mapped block if it is this one; only one of several callers succeeds.
    /// </summary>
    internal readonly bool TryClear(void* start, nuint entry) =>
        Atomic.TryReplace(ref *Entry(start), entry, 0);

    /// <summary>The next mapped block at or after an address; null if there is none.</summary>
    internal readonly void* NextMapped(void* from, out nuint size)
    {
        nuint granule = (nuint)from >> Log2Granule;
        while (granule >> (Log2Leaf - Log2Granule) < RootLength)
        {
            nuint* leaf = (nuint*)Root[granule >> (Log2Leaf - Log2Granule)];
            if (leaf == null)
            {
                granule = (granule / LeafLength * LeafLength) + LeafLength;
                continue;
            }

            nuint entry = leaf[granule % LeafLength];
            if ((entry & TagMask) == MappedTag)
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
