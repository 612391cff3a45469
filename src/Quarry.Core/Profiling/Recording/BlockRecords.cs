using System.Numerics;

namespace Quarry;

/// <summary>The records of all blocks: an array for each page of blocks, beside the heap.</summary>
/// <remarks>
/// <para>
/// A table of two levels leads from the first slice of a page to its array; the index is the offset in the
/// page divided by the block size. Large, huge and guarded blocks have arrays of one record, and the slabs of
/// an isolated heap have arrays like pages, because these begin at multiples of a slice as well. Compared
/// with a hash table keyed by address, blocks that were allocated one after another have adjacent records,
/// nothing is ever rehashed, and a record needs no key.
/// </para>
/// <para>
/// An array outlives its page. The block size in the array shows whether the page at that place is still the
/// same one; if it is not, all of its former blocks are gone.
/// </para>
/// <para>The caller holds the <see cref="SiteLock"/>.</para>
/// </remarks>
internal unsafe struct BlockRecords
{
    private const int Log2LeafSlices = 16;
    private const int Log2Leaf = Region.Log2Slice + Log2LeafSlices;
    private const int Lists = 32;

    private BlockRecordArray*** _root;
    private fixed ulong _free[Lists];

    private static nuint RootLength => (nuint)1 << (Os.AddressBits - Log2Leaf);

    /// <summary>Returns the array for a block and the index in it; null if there is none.</summary>
    internal readonly BlockRecordArray* Find(HeapState* heap, void* block, out uint index)
    {
        void* start = Locate(heap, block, out index, out _, out _);
        BlockRecordArray** place = _root == null || (nuint)start >> Log2Leaf >= RootLength
            ? null
            : _root[(nuint)start >> Log2Leaf];
        BlockRecordArray* array = place == null ? null : place[LeafIndex(start)];
        return array == null || index >= array->Capacity ? null : array;
    }

    /// <summary>
    /// Returns the array for a block, and adds it if necessary; null if there is no memory.
    /// </summary>
    /// <param name="heap">The heap.</param>
    /// <param name="memory">The memory for arrays.</param>
    /// <param name="block">The block.</param>
    /// <param name="index">The index of its record.</param>
    /// <param name="former">
    /// An array whose records are those of blocks that are gone; the caller clears it. Null if there is none.
    /// </param>
    internal BlockRecordArray* Get(
        HeapState* heap, PrivateMemory* memory, void* block, out uint index,
        out BlockRecordArray* former)
    {
        former = null;
        void* start = Locate(heap, block, out index, out nuint blockSize, out uint capacity);
        BlockRecordArray** place = Place(memory, start);
        if (place == null || blockSize == 0)
        {
            return null;
        }

        BlockRecordArray* array = *place;
        if (array != null && array->BlockSize == blockSize && index < array->Capacity)
        {
            return array;
        }

        former = array;
        array = Allocate(memory, capacity);
        if (array != null)
        {
            array->BlockSize = blockSize;
        }

        *place = array;
        return array;
    }

    /// <summary>Adds a cleared array to the free ones.</summary>
    internal void Free(BlockRecordArray* array)
    {
        int list = array->Log2Bytes;
        *(ulong*)array = _free[list];
        _free[list] = (ulong)array;
    }

    private BlockRecordArray* Allocate(PrivateMemory* memory, uint capacity)
    {
        nuint bytes = (nuint)sizeof(BlockRecordArray) + (capacity * (nuint)sizeof(BlockRecord));
        bytes = (nuint)BitOperations.RoundUpToPowerOf2((ulong)bytes);
        int list = BitOperations.Log2((ulong)bytes);
        BlockRecordArray* array = (BlockRecordArray*)_free[list];
        if (array != null)
        {
            _free[list] = *(ulong*)array;
        }
        else
        {
            array = (BlockRecordArray*)memory->Allocate(bytes);
        }

        if (array != null)
        {
            array->Log2Bytes = list;
            array->Capacity = (uint)((bytes - (nuint)sizeof(BlockRecordArray)) / (nuint)sizeof(BlockRecord));
        }

        return array;
    }

    private BlockRecordArray** Place(PrivateMemory* memory, void* start)
    {
        nuint pointer = (nuint)sizeof(nuint);
        nuint root = (nuint)start >> Log2Leaf;
        if (root >= RootLength)
        {
            return null;
        }

        if (_root == null)
        {
            _root = (BlockRecordArray***)memory->Allocate(RootLength * pointer);
        }

        if (_root != null && _root[root] == null)
        {
            _root[root] = (BlockRecordArray**)memory->Allocate(pointer << Log2LeafSlices);
        }

        return _root == null || _root[root] == null ? null : &_root[root][LeafIndex(start)];
    }

    /// <summary>Returns the start of the page or large block that holds a block.</summary>
    private static void* Locate(
        HeapState* heap, void* block, out uint index, out nuint blockSize, out uint capacity)
    {
        HeapBackend* backend = &heap->Backend;
        Page* page = backend->Find(block, out Region* region);
        if (page == null || page->Kind is not (PageKind.Small or PageKind.Sampled))
        {
            index = 0;
            capacity = 1;
            blockSize = LargeBlocks.SizeOf(backend, region, page, block);
            blockSize = blockSize != 0 || heap->Guards == null ? blockSize : heap->Guards->SizeOf(block);
            return blockSize != 0 || heap->Isolated == null
                ? block
                : IsolatedHeap.SlotsOf(heap->Isolated, block, out blockSize, out index, out capacity);
        }

        // A page is smaller than 4 GiB, and a division of 32 bits takes a third of the time.
        byte* start = region->StartOf(page);
        blockSize = page->BlockSize;
        capacity = page->Capacity;
        index = (uint)((byte*)block - start) / (uint)blockSize;
        return start;
    }

    private static nuint LeafIndex(void* start) =>
        ((nuint)start >> Region.Log2Slice) & (((nuint)1 << Log2LeafSlices) - 1);
}
