using System.Runtime.CompilerServices;

namespace Quarry;

/// <summary>The front end of a heap: allocates, frees and resizes blocks.</summary>
/// <remarks>
/// The fast paths come first and make no call; each slow path follows the fast path that leads to it. A block
/// leaves the heap in <see cref="Leaves"/> and returns in <see cref="Returns"/>, except on the fast paths,
/// which observed threads do not take.
/// </remarks>
/// <typeparam name="TSizes">The size classes, see <see cref="SmallSizes{TSizes}"/>.</typeparam>
/// <typeparam name="THost">The host, which attaches threads to thread heaps.</typeparam>
internal static unsafe partial class HeapFrontend<TSizes, THost>
    where TSizes : ISizeSteps
    where THost : struct, IHeapHost
{
    /// <summary>
    /// Allocates a block of at least <paramref name="size"/> bytes, aligned to 16; returns null if out of
    /// memory.
    /// </summary>
    /// <remarks>
    /// The code is written for the instructions that the compiler emits: a clamp instead of a compare and
    /// jump, the rare case first, no address of a field. One more branch would add a stack frame. The build
    /// counts the instructions.
    /// </remarks>
    /// <param name="size">The number of bytes.</param>
    /// <param name="thread">The thread heap; the placeholder if the thread has none.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void* Allocate(nuint size, ThreadHeap* thread) =>
        Allocate(size, thread, Block.MinSize, size);

    /// <inheritdoc cref="Allocate(nuint, ThreadHeap*)"/>
    /// <param name="size">The number of bytes; a multiple of the alignment.</param>
    /// <param name="thread">The thread heap; the placeholder if the thread has none.</param>
    /// <param name="alignment">The alignment to report to the exhaustion hook.</param>
    /// <param name="requested">The number of bytes to report to the observer.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void* Allocate(nuint size, ThreadHeap* thread, nuint alignment, nuint requested)
    {
        Block* block = FirstFree(size, thread, out nuint sizeClass);
        if (block == null)
        {
            return requested == size
                ? AllocateSlow(size, thread, alignment)
                : AllocateAlignedSlow(size, thread, alignment, requested);
        }

        return Pop(thread, sizeClass, block);
    }

    /// <summary>Allocates a block; the caller has a slow path of its own.</summary>
    /// <remarks>
    /// A caller that treats failures itself would need a stack frame around <see
    /// cref="Allocate(nuint, ThreadHeap*)"/>. Its slow path can call that instead.
    /// </remarks>
    /// <param name="size">The number of bytes.</param>
    /// <param name="thread">The thread heap; the placeholder if the thread has none.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void* AllocateOr<TSlow>(nuint size, ThreadHeap* thread)
        where TSlow : struct, ISlowAllocation
    {
        Block* block = FirstFree(size, thread, out nuint sizeClass);
        if (block == null)
        {
            return TSlow.Allocate(size, thread);
        }

        return Pop(thread, sizeClass, block);
    }

    /// <summary>Returns the first block of the thread's list for a size; null if the list is empty.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Block* FirstFree(nuint size, ThreadHeap* thread, out nuint sizeClass)
    {
        // Every size that is too large uses the last entry, which leads to the list that is always empty.
        nuint index = ThreadHeap.TableLength - 1;
        if (size < ThreadHeap.TableLength - 1)
        {
            index = size;
        }

        sizeClass = ThreadHeap.ClassTable(thread)[index];
        return ThreadHeap.FreeLists(thread)[sizeClass];
    }

    /// <summary>Removes the first block of a list.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void* Pop(ThreadHeap* thread, nuint sizeClass, Block* block)
    {
        Block* next = block->Next;
        ThreadHeap.FreeLists(thread)[sizeClass] = next;

        // The next block has not been touched since it was freed or extended. Prefetching it now hides the
        // cache miss of its allocation.
        Memory.Prefetch(next);
        return block;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void* AllocateSlow(nuint size, ThreadHeap* thread, nuint alignment)
    {
        if (thread->Heap == null)
        {
            return AllocateUnattached(size, size, alignment, zero: false);
        }

        if (size > SmallSizes<TSizes>.MaxSize)
        {
            return AllocateLarge(size, alignment, zero: false, thread);
        }

        void* block = TryAllocateSmall(size, thread, report: true);
        return block != null ? block : AllocateExhausted(size, thread, alignment, report: true);
    }

    // Apart from the slow path of other blocks, which reports the size that it allocates.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void* AllocateAlignedSlow(
        nuint size, ThreadHeap* thread, nuint alignment, nuint requested)
    {
        if (thread->Heap == null)
        {
            return AllocateUnattached(requested, size, alignment, zero: false);
        }

        void* block = TryAllocateSmall(size, thread, report: false);
        block = block != null ? block : AllocateExhausted(size, thread, alignment, report: false);
        return Leaves(thread, block, requested);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void* AllocateExhausted(nuint size, ThreadHeap* thread, nuint alignment, bool report)
    {
        HeapUpkeep.Recover(thread);
        void* block;
        do
        {
            // Repeated, because the hook may have freed blocks and may itself have allocated some.
            block = TryAllocateSmall(size, thread, report);
            if (block == null && thread->Heap->Sampler != null)
            {
                block = AllocateUnsampled(size, thread);
                block = report ? Leaves(thread, block, size) : block;
            }
        }
        while (block == null && thread->Heap->Exhausted(size, alignment));

        return block;
    }

    /// <summary>Allocates a zeroed block; returns null if out of memory.</summary>
    /// <param name="size">The number of bytes.</param>
    /// <param name="alignment">The alignment, in bytes; a power of two.</param>
    /// <param name="thread">The thread heap.</param>
    internal static void* AllocateZeroed(nuint size, nuint alignment, ThreadHeap* thread)
    {
        nuint rounded = alignment <= SmallSizes<TSizes>.Quantum ? size : RoundUp(size, alignment);
        if (rounded > SmallSizes<TSizes>.MaxSize)
        {
            return AllocateLarge(size, alignment, zero: true, thread);
        }

        void* block = Allocate(rounded, thread, alignment, size);
        if (block != null)
        {
            Memory.Clear(block, size);
        }

        return block;
    }

    /// <summary>
    /// Allocates a block whose address is a multiple of <paramref name="alignment"/>, a power of two.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void* AllocateAligned(nuint size, nuint alignment, ThreadHeap* thread)
    {
        if (alignment <= SmallSizes<TSizes>.Quantum)
        {
            return Allocate(size, thread);
        }

        nuint rounded = RoundUp(size, alignment);
        return rounded > SmallSizes<TSizes>.MaxSize
            ? AllocateLarge(size, alignment, zero: false, thread)
            : Allocate(rounded, thread, alignment, size);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void* AllocateLarge(nuint size, nuint alignment, bool zero, ThreadHeap* thread)
    {
        return thread->Heap == null
            ? AllocateUnattached(size, nuint.MaxValue, alignment, zero)
            : AllocateLargeIn(LargeHeap(thread, size), size, alignment, zero, thread);
    }

    /// <summary>
    /// Attaches a thread, and allocates a block: from the isolated heap if there is one.
    /// </summary>
    /// <remarks>
    /// Not on the fast path: in a signal handler, the thread heap may be the one that it has interrupted.
    /// </remarks>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void* AllocateUnattached(nuint size, nuint rounded, nuint alignment, bool zero)
    {
        ThreadHeap* thread = THost.Attach();
        if (thread == null)
        {
            return Unavailable();
        }

        void* block = thread->Heap->Isolated == null
            ? null
            : AllocateIsolated(thread, size, alignment, zero);
        return block != null ? zero ? LeavesZeroed(thread, block, size) : Leaves(thread, block, size)
            : rounded > SmallSizes<TSizes>.MaxSize ? AllocateLarge(size, alignment, zero, thread)
            : rounded == size ? AllocateSlow(size, thread, alignment)
            : AllocateAlignedSlow(rounded, thread, alignment, size);
    }

    private static void* LeavesZeroed(ThreadHeap* thread, void* block, nuint size)
    {
        _ = Leaves(thread, block, size);
        if (thread->Heap->Fill != HeapFill.None)
        {
            Memory.Clear(block, size);
        }

        return block;
    }

    /// <summary>
    /// Returns the heap in which a thread allocates a large block, which may be another one than its own.
    /// </summary>
    private static HeapState* LargeHeap(ThreadHeap* thread, nuint size) =>
        size < thread->Heap->OversizeFrom ? thread->Heap : THost.Oversize(thread->Heap);

    /// <summary>Allocates a large block in a heap of the host; returns null if out of memory.</summary>
    /// <param name="heap">The heap.</param>
    /// <param name="size">The number of bytes; larger than any size class.</param>
    /// <param name="alignment">The alignment, in bytes; a power of two.</param>
    /// <param name="zero">True to zero the block.</param>
    /// <param name="thread">The thread heap of the calling thread, in any heap of the host.</param>
    internal static void* AllocateLargeIn(
        HeapState* heap, nuint size, nuint alignment, bool zero, ThreadHeap* thread)
    {
        if (ThreadClock.OnLargeBlock(thread))
        {
            HeapUpkeep.SweepIdle(thread);
        }

        void* block = AllocateLargeUnreported(heap, size, alignment, zero, thread);
        return zero && block != null ? LeavesZeroed(thread, block, size) : Leaves(thread, block, size);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void* AllocateLargeUnreported(
        HeapState* heap, nuint size, nuint alignment, bool zero, ThreadHeap* thread)
    {
        void* block = TryAllocateLarge(heap, size, alignment, zero, thread);
        if (block == null)
        {
            HeapUpkeep.Recover(thread);
            block = TryAllocateLarge(heap, size, alignment, zero, thread);
        }

        while (block == null && heap->Exhausted(size, alignment))
        {
            block = TryAllocateLarge(heap, size, alignment, zero, thread);
        }

        return block;
    }

    private static void* TryAllocateLarge(
        HeapState* heap, nuint size, nuint alignment, bool zero, ThreadHeap* thread)
    {
        HeapState.Progress(heap);
        void* block = TryTakeKept(heap, size, alignment, zero, thread);
        block = block != null ? block : LargeBlocks.Allocate(&heap->Backend, size, alignment, zero);
        return block == null ? null : SampleLarge(heap, block, size);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void* TryAllocateSmall(nuint size, ThreadHeap* thread, bool report)
    {
        int sizeClass = SmallSizes<TSizes>.ClassOf(size);
        byte frame;
        void* block;
        if (!ThreadLifetime.TryEnter(thread, &frame))
        {
            block = AllocateSecond(thread, sizeClass, size, report);
        }
        else if (thread->Chooses && BlockCountdowns.IsDue(thread, sizeClass))
        {
            block = AllocateEntered(thread, sizeClass, size, report);
        }
        else
        {
            block = Pop(thread, sizeClass);
            ThreadLifetime.Leave(thread);
            block = report ? Leaves(thread, block, size) : block;
        }

        return block;
    }

    /// <summary>
    /// Allocates from a second thread heap, claimed for one call, in a signal handler that has interrupted a
    /// slow path.
    /// </summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void* AllocateSecond(ThreadHeap* thread, int sizeClass, nuint size, bool report)
    {
        HeapState* heap = thread->Heap;
        ThreadHeap* second = ThreadLifetime.AcquireSecond(heap, ThreadOwnership.CurrentId(heap));
        if (second == null)
        {
            return null;
        }

        // Not marked as busy: a nested handler cannot find this thread heap, and if this thread is killed,
        // the thread heap is rebuilt.
        SkipGuarded(second, sizeClass);
        Block* block = PopOrSample(second, sizeClass, out bool sampled);
        ThreadLifetime.Retire(second);
        return RecordSmall(thread, block, size, sampled, report);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Block* Pop(ThreadHeap* thread, int sizeClass)
    {
        Block* block = ThreadHeap.FreeLists(thread)[sizeClass];
        block = block != null ? block : Refill(thread, sizeClass);
        if (block != null)
        {
            ThreadHeap.FreeLists(thread)[sizeClass] = block->Next;
        }

        return block;
    }

    /// <summary>
    /// Reports a block that leaves the heap on a slow path to the observer, and counts its bytes if the
    /// thread asked for that; null has no effect.
    /// </summary>
    private static void* Leaves(ThreadHeap* thread, void* block, nuint size)
    {
        if (thread->Heap->Watched != 0 && block != null)
        {
            ReportLeaving(thread, block, size);
        }

        return block;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void ReportLeaving(ThreadHeap* thread, void* block, nuint size)
    {
        HeapState* heap = thread->Heap;
        _ = FillAllocated(heap, block, 0);
        HeapObserver* observer = (HeapObserver*)Atomic.Read(ref *(nuint*)&heap->Observer);
        if (observer != null)
        {
            observer->Allocated(observer, block, size);
        }

        if (thread->Counted)
        {
            // A large block may be in another heap than the other ones of the thread.
            ThreadLifetime.CountAllocated(thread, UsableAnywhere(ref heap, block));
        }
    }

    /// <summary>
    /// Returns the thread heap, or attaches the thread if it is the placeholder; null if out of memory.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ThreadHeap* Ensure(ThreadHeap* thread) => thread->Heap != null ? thread : THost.Attach();

    private static void* Unavailable()
    {
        THost.OnUnavailable();
        return null;
    }

    /// <summary>
    /// Returns a size whose class also satisfies an alignment; the largest number if the sum overflows.
    /// </summary>
    /// <remarks>
    /// The block size of a size that is a multiple of the alignment is one too, and pages begin at slices.
    /// </remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static nuint RoundUp(nuint size, nuint alignment)
    {
        nuint atLeastOne = size == 0 ? 1 : size;
        nuint rounded = Layout.AlignUp(atLeastOne, alignment);
        return rounded < size ? nuint.MaxValue : rounded;
    }
}
