using System.Numerics;

namespace Quarry;

/// <summary>Takes the figures of a heap by walking its tables.</summary>
internal static unsafe class HeapCensus
{
    /// <summary>Takes the figures.</summary>
    /// <param name="heap">Of which heap.</param>
    /// <param name="classes">Room for <see cref="SizeClass.Count"/> classes.</param>
    internal static HeapStatistics Take(HeapState* heap, SizeClassStatistics* classes)
    {
        HeapStatistics result = default;
        for (int sizeClass = 0; sizeClass < SizeClass.Count; sizeClass++)
        {
            classes[sizeClass] = new SizeClassStatistics { BlockSize = SizeClass.SizeOf(sizeClass) };
        }

        for (ThreadHeap* thread = heap->Threads; thread != null; thread = thread->Next)
        {
            result.Threads += thread->ThreadId == 0 ? 0u : 1u;
            ThreadHeap.CountAllocations(thread, classes);
        }

        for (Region* region = heap->First; region != null; region = region->Next)
        {
            CountPages(region, classes, ref result);
        }

        for (int sizeClass = 0; sizeClass < SizeClass.Count; sizeClass++)
        {
            SizeClassStatistics* entry = &classes[sizeClass];
            result.Allocations += entry->Allocations;
            result.RequestedBytes += entry->Allocations * entry->BlockSize;
            result.InUseBlocks += entry->InUseBlocks;
            result.InUseBytes += entry->InUseBlocks * entry->BlockSize;
        }

        LargeCounters large = heap->Large;
        result.LargeAllocations = large.Allocations;
        result.LargeInUseBlocks = large.Allocations - large.Frees;
        result.LargeInUseBytes = large.InUse;
        result.Allocations += large.Allocations;
        result.RequestedBytes += large.Requested;
        result.InUseBlocks += result.LargeInUseBlocks;
        result.InUseBytes += large.InUse;
        result.UsedBytes = heap->Used;
        result.PeakBytes = heap->PeakUsed;
        CountMappings(heap, ref result);
        return result;
    }

    private static void CountPages(Region* region, SizeClassStatistics* classes, ref HeapStatistics result)
    {
        nuint frontier = Atomic.Read(ref region->Frontier);
        for (nuint slice = region->FirstSlice; slice < frontier; slice++)
        {
            Page* page = region->Pages + slice;
            if (page->Kind == PageKind.Small && page->Owner != null)
            {
                classes[page->Class].Pages++;
                classes[page->Class].InUseBlocks += (nuint)page->Used;
            }
        }

        ulong stale = 0;
        for (nuint word = 0; word < (frontier + 63) / 64; word++)
        {
            SliceWord* slices = &region->Words[word];
            stale += (ulong)BitOperations.PopCount((slices->Young | slices->Old) & slices->Free);
        }

        result.DirtyBytes += (nuint)stale << Region.Log2Slice;
        result.CommittedBytes += (region->Committed - region->FirstSlice) << Region.Log2Slice;
        result.MappedBytes += region->Size;
        result.ResidentBytes += Os.Resident(
            region->AddressOf(region->FirstSlice), (frontier - region->FirstSlice) << Region.Log2Slice);
    }

    private static void CountMappings(HeapState* heap, ref HeapStatistics result)
    {
        void* block = heap->PageMap.NextMapped(null, out nuint size);
        while (block != null)
        {
            result.CommittedBytes += size;
            result.MappedBytes += size;
            result.ResidentBytes += Os.Resident(block, size);
            block = heap->PageMap.NextMapped((byte*)block + Region.Alignment, out size);
        }
    }
}
