using System;

namespace Quarry;

/// <content>Checks slices, their descriptors, and the page map.</content>
internal static unsafe partial class HeapCheck
{
    private static ReadOnlySpan<byte> CheckRegion(HeapState* heap, Region* region, scoped ref nuint slices)
    {
        if (region->HighWater > region->Committed || region->Committed > region->SliceCount)
        {
            return "a region uses slices that are not committed\n"u8;
        }

        if (heap->Backend.RegionOf(region->Base) != region
            || heap->Backend.RegionOf(region->Base + region->Size - 1) != region)
        {
            return "the page map does not lead to a region\n"u8;
        }

        for (nuint slice = region->FirstSlice; slice < region->HighWater;)
        {
            Page* page = region->Pages + slice;
            if (IsFree(region, slice))
            {
                if (page->Kind != PageKind.None || page->Owner != null || page->Free != null
                    || region->Holes[slice].Purged != 0)
                {
                    return "a free slice is part of a page or a block, or has a record\n"u8;
                }

                slice++;
                continue;
            }

            ReadOnlySpan<byte> fault = CheckRun(heap, region, page);
            if (!fault.IsEmpty)
            {
                return fault;
            }

            // A slice that is neither free nor has a descriptor holds metadata.
            nuint count = page->Kind == PageKind.None ? 1 : page->Slices;
            slices += count;
            slice += count;
        }

        slices -= region->Kept.Slices;
        ReadOnlySpan<byte> broken = CheckWords(region);
        return broken.IsEmpty ? CheckBounds(region) : broken;
    }

    private static ReadOnlySpan<byte> CheckBounds(Region* region)
    {
        nuint begin = region->FirstSlice;
        for (nuint slice = begin; slice <= region->HighWater; slice++)
        {
            if (slice < region->HighWater && IsFree(region, slice))
            {
                continue;
            }

            for (nuint first = begin; first < slice;)
            {
                nuint length = slice - first < Region.GroupSlices ? slice - first : Region.GroupSlices;
                if (region->BoundOf(first) < length)
                {
                    return "a run of free slices is longer than the bound of its group\n"u8;
                }

                first = Layout.AlignUp(first + 1, Region.GroupSlices);
            }

            begin = slice + 1;
        }

        return default;
    }

    private static ReadOnlySpan<byte> CheckRun(HeapState* heap, Region* region, Page* page)
    {
        if (page->Kind == PageKind.Inside)
        {
            return "a slice inside of a page has no page before it\n"u8;
        }

        nuint slice = region->SliceOf(page);
        for (nuint inside = 1; page->Kind != PageKind.None && inside < page->Slices; inside++)
        {
            if (IsFree(region, slice + inside))
            {
                return "a slice inside of a page or a block is free\n"u8;
            }

            if (page->IsSmall
                && (page[inside].Kind != PageKind.Inside || page[inside].SlicesToHead != inside))
            {
                return "a slice inside of a page does not lead to its head\n"u8;
            }
        }

        if (page->Kind == PageKind.Large
            && page->BlockSize + LinePlacement.BytesBefore(page) > (nuint)page->Slices << Region.Log2Slice)
        {
            return "a large block is longer than its slices\n"u8;
        }

        if (!page->IsSmall)
        {
            return page->Owner != null ? "a slice without small blocks has an owner\n"u8 : default;
        }

        return page->Owner == null || page->Place == PagePlace.None
            ? "a page is in no queue of any thread\n"u8
            : CheckPage(heap, page);
    }

    private static ReadOnlySpan<byte> CheckWords(Region* region)
    {
        for (nuint index = 0; index * 64 < region->SliceCount; index++)
        {
            SliceWord* word = &region->Words[index];
            ulong beyond = region->HighWater >= (index + 1) * 64 ? 0
                : region->HighWater <= index * 64 ? ulong.MaxValue
                : ulong.MaxValue << (int)(region->HighWater % 64);
            if (((word->Free | word->Young | word->Old) & beyond) != 0)
            {
                return "a slice beyond the high-water mark has a bit set\n"u8;
            }

            ulong summary = region->Summary[index / 64] >> (int)(index % 64) & 1;
            if (word->Free != 0 && summary == 0)
            {
                return "a word with free slices is missing in the summary\n"u8;
            }

            // Allocating a slice clears its dirty bits.
            if (((word->Young | word->Old) & ~word->Free) != 0)
            {
                return "a slice in use has a dirty bit\n"u8;
            }
        }

        return default;
    }

    private static bool IsFree(Region* region, nuint slice) =>
        (region->Words[slice / 64].Free >> (int)(slice % 64) & 1) != 0;
}
