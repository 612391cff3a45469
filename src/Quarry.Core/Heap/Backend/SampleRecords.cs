namespace Quarry;

/// <summary>Finds the words that hold the records of sampled blocks.</summary>
/// <remarks>
/// <para>
/// A sampled small block is in a page of kind <see cref="PageKind.Sampled"/>, which has a word for each block
/// at its end, that of the first block last: so the blocks begin at the slice, and keep their alignment. Of a
/// large block it is <see cref="Page.Free"/>, which is otherwise unused; of a huge block, a word of the <see
/// cref="PageMap"/>, because a mapping has no descriptor.
/// </para>
/// <para>
/// A word is 0 if the block is free, or not sampled; <see cref="NotRecorded"/>; or the record. It is written
/// by the thread that allocates or resizes the block, and exchanged for 0 when the block is freed: if two
/// threads free a block at once, one of them reads 0.
/// </para>
/// </remarks>
internal static unsafe class SampleRecords
{
    /// <summary>The size of a word.</summary>
    internal const nuint Bytes = 8;

    /// <summary>The word of a sampled block without a record.</summary>
    internal const nuint NotRecorded = 1;

    /// <summary>
    /// Returns the word of a block of a sampled page; null if no block begins at the address.
    /// </summary>
    internal static nuint* OfSmall(Region* region, Page* page, void* block)
    {
        byte* start = region->StartOf(page);
        nuint offset = (nuint)((byte*)block - start);
        nuint index = offset / page->BlockSize;
        return index < page->Extended && offset % page->BlockSize == 0 ? Word(page, start, index) : null;
    }

    /// <summary>Returns the word of a large or huge block.</summary>
    /// <param name="backend">The back end.</param>
    /// <param name="page">The descriptor of the block; null if it is a huge block.</param>
    /// <param name="block">The block.</param>
    internal static nuint* OfLarge(HeapBackend* backend, Page* page, void* block) =>
        page == null ? backend->PageMap.RecordOf(block) : (nuint*)&page->Free;

    /// <summary>Clears the words of blocks of a sampled page.</summary>
    internal static void Clear(Page* page, byte* start, nuint first, nuint count)
    {
        nuint* last = Word(page, start, first + count - 1);
        Memory.Clear(last, count * Bytes);
    }

    private static nuint* Word(Page* page, byte* start, nuint index) =>
        (nuint*)(start + ((nuint)page->Slices << Region.Log2Slice)) - 1 - index;
}
