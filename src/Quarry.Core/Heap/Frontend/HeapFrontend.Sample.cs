using System.Runtime.CompilerServices;

namespace Quarry;

/// <content>Samples blocks: see <see cref="HeapSampler"/>, and docs/heap.md, Sampling.</content>
internal static unsafe partial class HeapFrontend<TSizes, THost>
{
    /// <summary>
    /// Allocates a block on a thread with sampled or guarded blocks that has entered a slow path, and leaves
    /// it.
    /// </summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void* AllocateEntered(ThreadHeap* thread, int sizeClass, nuint size, bool report)
    {
        void* guarded = thread->GuardInterval == 0 ? null : TryAllocateGuarded(thread, sizeClass, size);
        if (guarded != null)
        {
            ThreadLifetime.Leave(thread);
            SampleOutside(thread->Heap, guarded, size);
            return report ? Leaves(thread, guarded, size) : guarded;
        }

        Block* block = PopOrSample(thread, sizeClass, out bool sampled);
        ThreadLifetime.Leave(thread);
        return RecordSmall(thread, block, size, sampled, report);
    }

    private static Block* PopOrSample(ThreadHeap* thread, int sizeClass, out bool sampled)
    {
        Block* block = thread->SampleInterval == 0 ? null : PopSampled(thread, sizeClass);
        sampled = block != null;
        return sampled ? block : Pop(thread, sizeClass);
    }

    private static void* RecordSmall(
        ThreadHeap* thread, Block* block, nuint size, bool sampled, bool report)
    {
        if (sampled)
        {
            HeapState* heap = thread->Heap;
            Page* page = heap->Backend.Find(block, out Region* region);
            Record(heap, SampleRecords.OfSmall(region, page, block), block, size, page->BlockSize);
        }

        return report ? Leaves(thread, block, size) : block;
    }

    /// <summary>Allocates a block of a sampled page if the next block of the class is sampled.</summary>
    /// <returns>
    /// The block, not yet reported; null if the next block is not sampled, or there is no memory for a
    /// sampled page.
    /// </returns>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Block* PopSampled(ThreadHeap* thread, int sizeClass)
    {
        if (ThreadHeap.FreeLists(thread)[sizeClass] != null
            || !BlockCountdowns.TryTake(
                thread->Heap,
                &ThreadHeap.SampleCountdown(thread)[sizeClass],
                thread->SampleInterval,
                SmallSizes<TSizes>.SizeOf(sizeClass)))
        {
            return null;
        }

        Block* block = PopFromSamples(thread, sizeClass);
        if (block == null)
        {
            BlockCountdowns.Skip(&ThreadHeap.SampleCountdown(thread)[sizeClass]);
        }

        return block;
    }

    /// <summary>
    /// Allocates a block of a sampled page that is not sampled, if there is no memory for another page.
    /// </summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void* AllocateUnsampled(nuint size, ThreadHeap* thread) =>
        PopFromSamples(thread, SmallSizes<TSizes>.ClassOf(size));

    private static Block* PopFromSamples(ThreadHeap* thread, int sizeClass)
    {
        ThreadHeap* samples = ThreadLifetime.AcquireSamples(thread);
        if (samples == null)
        {
            return null;
        }

        Block* block = Pop(samples, sizeClass);
        ThreadOwnership.Abandon(samples);
        if (block != null)
        {
            Page* page = thread->Heap->Backend.Find(block, out Region* region);
            *SampleRecords.OfSmall(region, page, block) = SampleRecords.NotRecorded;
        }

        return block;
    }

    /// <summary>Reports a sampled block to the sampler, and stores its record.</summary>
    private static void Record(HeapState* heap, nuint* word, void* block, nuint size, nuint usable)
    {
        HeapSampler* sampler = (HeapSampler*)Atomic.Read(ref *(nuint*)&heap->Sampler);
        nuint record = (nuint)sampler->Sampled(sampler, block, size, usable);
        Atomic.Write(ref *word, record == 0 ? SampleRecords.NotRecorded : record);
    }

    /// <summary>Draws for a large or huge block, and reports it if it is sampled.</summary>
    private static void* SampleLarge(HeapState* heap, void* block, nuint size)
    {
        if (Atomic.Read(ref heap->SampleInterval) != 0)
        {
            nuint usable = UsableSize(heap, block);
            DrawLarge(heap, block, size, usable, usable);
        }

        return block;
    }

    private static void DrawLarge(HeapState* heap, void* block, nuint size, nuint usable, nuint added)
    {
        nuint interval = Atomic.Read(ref heap->SampleInterval);
        if (interval != 0 && SampleDraw.Chooses(heap, interval, added))
        {
            Page* page = heap->Backend.Find(block, out _);
            nuint* word = IsOutside(heap, block)
                ? OutsideRecord(heap, block, creates: true)
                : SampleRecords.OfLarge(&heap->Backend, page, block);
            if (word != null)
            {
                Record(heap, word, block, size, usable);
            }
        }
    }

    /// <summary>
    /// Reports a block that was resized in place to the sampler; draws for the bytes added to a large one.
    /// </summary>
    /// <remarks>
    /// A block that grows was not sampled with the probability of its old size, and none of the new bytes is
    /// chosen with that of the difference; together, with the probability of its new size.
    /// </remarks>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void ResizedSampled(HeapState* heap, void* block, nuint usable, nuint size)
    {
        Page* page = heap->Backend.Find(block, out Region* region);
        if (page != null && page->Kind == PageKind.Small)
        {
            return;
        }

        bool small = page != null && page->Kind == PageKind.Sampled;
        nuint* word = small
            ? SampleRecords.OfSmall(region, page, block)
            : IsOutside(heap, block) ? OutsideRecord(heap, block, creates: false)
            : SampleRecords.OfLarge(&heap->Backend, page, block);
        nuint record = word != null ? Atomic.Read(ref *word)
            : IsOutside(heap, block) ? 0
            : SampleRecords.NotRecorded;
        nuint resized = small ? usable : UsableSize(heap, block);
        if (record > SampleRecords.NotRecorded)
        {
            HeapSampler* sampler = (HeapSampler*)Atomic.Read(ref *(nuint*)&heap->Sampler);
            sampler->Resized(sampler, (void*)record, size, resized);
        }
        else if (record == 0 && resized > usable)
        {
            DrawLarge(heap, block, size, resized, resized - usable);
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void FreeSampled(
        HeapState* heap, Region* region, Page* page, Block* block, ThreadHeap* thread)
    {
        nuint* word = SampleRecords.OfSmall(region, page, block);
        if (word == null)
        {
            heap->ReportForeign(block);
        }
        else if (!Forget(heap, word))
        {
            HeapState.ReportDoubleFree(heap, block);
        }
        else
        {
            // Posted at once: the remote cache would delay the reuse of a block to save atomic operations
            // that are few beside the recording.
            Returns(heap, block, page->BlockSize, thread);
            FillFreed(heap, block, page->BlockSize);
            PostAlone(heap, page, block, thread);
        }
    }

    /// <summary>Clears the word of a block that is freed, and reports its record.</summary>
    /// <returns>False if the block was not sampled, or is free already.</returns>
    private static bool Forget(HeapState* heap, nuint* word)
    {
        nuint record = Atomic.Read(ref *word) == 0 ? 0 : Atomic.Exchange(ref *word, 0);
        if (record > SampleRecords.NotRecorded)
        {
            HeapSampler* sampler = (HeapSampler*)Atomic.Read(ref *(nuint*)&heap->Sampler);
            sampler->Freed(sampler, (void*)record);
        }

        return record != 0;
    }
}
