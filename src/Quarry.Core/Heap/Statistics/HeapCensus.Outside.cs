namespace Quarry;

/// <content>Counts guarded and isolated blocks, with the heap to which their memory is charged.</content>
/// <remarks>
/// Their usable size is the size requested, and so are their bytes. Of the size classes, each belongs to that
/// of the largest block that its slot could hold.
/// </remarks>
internal static unsafe partial class HeapCensus
{
    /// <summary>Adds the large isolated blocks to the steps of a heap.</summary>
    internal static void CountOutside(HeapState* heap, LargeStepStatistics* large)
    {
        if (IsolatedOf(heap) != null)
        {
            IsolatedHeap.ForEachCount(heap->Isolated, &AddStep, large);
        }
    }

    private static void CountOutside<TSizes>(
        HeapState* heap, SizeClassStatistics* classes, ref HeapStatistics result) where TSizes : ISizeSteps
    {
        OutsideTotals totals = new() { Classes = classes };
        GuardedBlocks* guards = GuardsOf(heap);
        if (guards != null)
        {
            nuint bytes = GuardedBlocks.AccountOf(guards)->Bytes;
            result.MappedBytes += guards->MappedBytes;
            result.CommittedBytes += bytes;
            result.ResidentBytes += bytes;
            for (int step = 0; step < BlockCounts.Steps; step++)
            {
                Add<TSizes>(
                    EightPerDoubling.SizeOf((nuint)step), BlockCounts.Read(guards->Counts() + step), &totals);
            }
        }

        IsolatedHeap* isolated = IsolatedOf(heap);
        if (isolated != null)
        {
            nuint resized = IsolatedHeap.ResizedBytes(isolated);
            IsolatedHeap.ForEachCount(isolated, &Add<TSizes>, &totals);
            totals.Statistics.InUseBytes += resized;
            totals.Statistics.RequestedBytes += IsolatedHeap.GrownBytes(isolated);
            result.MappedBytes += IsolatedHeap.MappedBytes(isolated) + totals.Statistics.LargeInUseBytes;
            result.CommittedBytes += IsolatedHeap.AccountOf(isolated)->Bytes;
            result.ResidentBytes += IsolatedHeap.ResidentBytes(isolated);
        }

        result.Add(totals.Statistics);
    }

    private static void Add<TSizes>(nuint size, BlockCounts counts, void* argument) where TSizes : ISizeSteps
    {
        OutsideTotals* totals = (OutsideTotals*)argument;
        nuint blocks = counts.Allocated - counts.Freed;
        nuint bytes = counts.AllocatedBytes - counts.FreedBytes;
        totals->Statistics.Allocations += counts.Allocated;
        totals->Statistics.RequestedBytes += counts.AllocatedBytes;
        totals->Statistics.InUseBlocks += blocks;
        totals->Statistics.InUseBytes += bytes;
        if (size <= SmallSizes<TSizes>.MaxSize)
        {
            SizeClassStatistics* entry = &totals->Classes[SmallSizes<TSizes>.ClassOf(size)];
            entry->Allocations += counts.Allocated;
            entry->InUseBlocks += blocks;
        }
        else
        {
            totals->Statistics.LargeAllocations += counts.Allocated;
            totals->Statistics.LargeInUseBlocks += blocks;
            totals->Statistics.LargeInUseBytes += bytes;
        }
    }

    private static void AddStep(nuint size, BlockCounts counts, void* argument)
    {
        if (size > IsolatedHeap.MaxSlabBlock)
        {
            LargeStepStatistics* step = (LargeStepStatistics*)argument + LargeSteps.IndexOf(size);
            step->Allocations += counts.Allocated;
            step->Frees += counts.Freed;
            step->InUse += counts.Allocated - counts.Freed;
        }
    }

    private static nuint OutsideBytes(HeapState* heap)
    {
        nuint bytes = 0;
        GuardedBlocks* guards = GuardsOf(heap);
        for (int step = 0; guards != null && step < BlockCounts.Steps; step++)
        {
            bytes += Atomic.Read(ref guards->Counts()[step].AllocatedBytes);
        }

        IsolatedHeap* isolated = IsolatedOf(heap);
        if (isolated != null)
        {
            IsolatedHeap.ForEachCount(isolated, &AddBytes, &bytes);
            bytes += IsolatedHeap.GrownBytes(isolated);
        }

        return bytes;
    }

    private static void AddBytes(nuint size, BlockCounts counts, void* bytes) =>
        *(nuint*)bytes += counts.AllocatedBytes;

    private static GuardedBlocks* GuardsOf(HeapState* heap) =>
        heap->Guards != null && GuardedBlocks.AccountOf(heap->Guards)->Owner == &heap->Backend
            ? heap->Guards
            : null;

    private static IsolatedHeap* IsolatedOf(HeapState* heap) =>
        heap->Isolated != null && IsolatedHeap.AccountOf(heap->Isolated)->Owner == &heap->Backend
            ? heap->Isolated
            : null;
}
