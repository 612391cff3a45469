using System.Runtime.CompilerServices;

namespace Quarry;

/// <content>Resizes blocks.</content>
internal static unsafe partial class HeapFrontend<TSizes, THost>
{
    // A block that reaches this size by reallocation is likely to keep growing; a huge block grows without
    // being copied.
    private const nuint GrowByMapping = 1024 * 1024;

    /// <summary>Resizes a block, preserving its contents and an alignment of 16.</summary>
    /// <returns>
    /// The block, which may have been moved; null if out of memory, in which case the block is unchanged.
    /// </returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void* Reallocate(void* address, nuint size, ThreadHeap* thread)
    {
        // The thread heap of a heap that was destroyed reads as zeros on .NET, where it has no pages.
        return thread->Heap == null ? ReallocateUnattached(address, size)
            : Fits(address, size, thread) ? address
            : ReallocateSlow(address, size, thread);
    }

    /// <summary>
    /// Determines whether a block stays where it is when it is resized, and nothing observes it: a fast path,
    /// for strings and buffers that grow by a few bytes.
    /// </summary>
    /// <remarks>
    /// The comparison of <see cref="Free(void*, ThreadHeap*)"/> selects blocks of the thread's own pages. If
    /// the new size is larger than the block, the subtraction wraps. Half of the size does not fit, nor does
    /// 0: small blocks that shrink stay as well, but on the slow path.
    /// </remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static bool Fits(void* address, nuint size, ThreadHeap* thread)
    {
        Page* page = PrimaryPage(address, thread);
        nuint usable = page->BlockSize;
        return ((nuint)page->Owner ^ (nuint)thread) < page->Left && usable - size < usable / 2;
    }

    /// <inheritdoc cref="Reallocate"/>
    [MethodImpl(MethodImplOptions.NoInlining)]
    internal static void* ReallocateSlow(void* address, nuint size, ThreadHeap* thread)
    {
        Page* page = PrimaryPage(address, thread);
        if (page->Kind != PageKind.Small || size <= page->BlockSize || size > SmallSizes<TSizes>.MaxSize
            || thread->Heap->Watched != 0)
        {
            return ReallocateUncommon(address, size, thread);
        }

        // What Move does in this case, the most frequent one.
        void* moved = Allocate(size, thread);
        if (moved != null)
        {
            Memory.Copy(address, moved, page->BlockSize);
            Free(address, thread);
        }

        return moved;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void* ReallocateUncommon(void* address, nuint size, ThreadHeap* thread)
    {
        if (thread->Heap == null)
        {
            return ReallocateUnattached(address, size);
        }

        if (address == null)
        {
            return Allocate(size, thread);
        }

        HeapState* heap = thread->Heap;
        Page* page = PrimaryPage(address, thread);
        nuint usable = page->Kind == PageKind.Small ? page->BlockSize : UsableAnywhere(ref heap, address);
        if (usable == 0)
        {
            ReportInvalid(heap, address);
            return null;
        }

        // A block that keeps more than half its size is not moved: blocks that shrink often grow again.
        bool keep = size <= usable && (size > usable / 2 || usable <= 4 * Block.MinSize);
        if (keep && usable <= SmallSizes<TSizes>.MaxSize)
        {
            return page->Kind == PageKind.Small
                ? Resizes(heap, address, address, usable, size, thread)
                : Resized(heap, address, address, usable, size, thread);
        }

        if (size > SmallSizes<TSizes>.MaxSize && usable > SmallSizes<TSizes>.MaxSize)
        {
            // Another thread could reuse the old address of a remapped block before the observer has seen the
            // move.
            bool mayMove = heap->Observer == null;
            void* resized = LargeBlocks.Resize(&heap->Backend, address, usable, size, mayMove);
            if (resized != null)
            {
                return Resized(heap, address, resized, usable, size, thread);
            }
        }

        return Move(thread, address, usable, size);
    }

    /// <summary>Resizes a block without moving it.</summary>
    /// <param name="heap">The heap.</param>
    /// <param name="address">The block.</param>
    /// <param name="size">The new size, in bytes.</param>
    /// <param name="thread">The thread heap whose bytes are counted, if any.</param>
    internal static bool TryResize(HeapState* heap, void* address, nuint size, ThreadHeap* thread = null)
    {
        nuint usable = UsableSize(heap, address);
        bool resized = IsIsolated(heap, address)
            ? IsolatedHeap.TryResize(heap->Isolated, address, size)
            : size <= usable && size <= SmallSizes<TSizes>.MaxSize
            ? usable != 0
            : usable > SmallSizes<TSizes>.MaxSize
                && LargeBlocks.Resize(&heap->Backend, address, usable, size, mayMove: false) != null;
        if (resized)
        {
            _ = Resized(heap, address, address, usable, size, thread);
        }

        return resized;
    }

    /// <summary>
    /// Returns the usable size of a block of any heap of the host, in bytes; 0 if the address is not that of
    /// a block.
    /// </summary>
    /// <remarks>
    /// A fast path, because some programs count their memory: they read the size of each block when they
    /// allocate it, and again before they resize or free it.
    /// </remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static nuint UsableSize(void* address, ThreadHeap* thread)
    {
        Page* page = PrimaryPage(address, thread);
        if (page->Kind != PageKind.Small)
        {
            return UsableSizeSlow(address, thread);
        }

        return page->BlockSize;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static nuint UsableSizeSlow(void* address, ThreadHeap* thread)
    {
        thread = address == null ? null : Ensure(thread);
        HeapState* heap = thread == null ? null : thread->Heap;
        return heap == null ? 0 : UsableAnywhere(ref heap, address);
    }

    /// <summary>
    /// Returns the usable size of a block, in bytes; 0 if the address is not that of a block.
    /// </summary>
    internal static nuint UsableSize(HeapState* heap, void* address)
    {
        Page* page = heap->Backend.Find(address, out Region* region);
        if (page != null && page->IsSmall)
        {
            return page->BlockSize;
        }

        nuint size = LargeBlocks.SizeOf(&heap->Backend, region, page, address);
        return size != 0 ? size
            : IsGuarded(heap, address) ? heap->Guards->SizeOf(address)
            : IsIsolated(heap, address) ? IsolatedHeap.SizeOf(heap->Isolated, address)
            : 0;
    }

    private static void* Move(ThreadHeap* thread, void* address, nuint usable, nuint size)
    {
        HeapState* heap = thread->Heap, target = LargeHeap(thread, size);
        bool grows = size > usable;
        bool map = grows && size >= GrowByMapping && usable > SmallSizes<TSizes>.MaxSize
            && size <= Layout.MaxSize - Region.Alignment && HugeBlocks.CanMove(&target->Backend);
        void* moved = map
            ? HugeBlocks.Allocate(&target->Backend, Layout.AlignUp(size, Os.PageSize), Region.Alignment)
            : null;
        moved = moved != null ? SampleLarge(target, moved, size)
            : grows ? AllocateToMove(size, thread)
            : TryShrink(thread, size);
        _ = FillAllocated(heap, moved, 0);
        if (moved == null)
        {
            return grows ? null : Resizes(heap, address, address, usable, size, thread);
        }

        Memory.Copy(address, moved, grows ? usable : size);

        // The old block is counted as freed when it is freed.
        _ = Resizes(heap, address, moved, 0, size, thread);
        Free(address, thread);
        return moved;
    }

    // A block that is shrunk can always stay where it is, so this neither calls the exhaustion hook nor sets
    // an error number.
    private static void* TryShrink(ThreadHeap* thread, nuint size) => size > SmallSizes<TSizes>.MaxSize
        ? TryAllocateLarge(LargeHeap(thread, size), size, Block.MinSize, zero: false, thread)
        : TryAllocateSmall(size, thread, report: false);

    private static void* AllocateToMove(nuint size, ThreadHeap* thread) =>
        thread->Heap->Watched == 0
            ? Allocate(size, thread)
            : AllocateUnreported(size, SmallSizes<TSizes>.Quantum, thread);

    // The observer learns of the new block as that of a reallocation.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void* AllocateUnreported(nuint size, nuint alignment, ThreadHeap* thread)
    {
        nuint rounded = alignment <= SmallSizes<TSizes>.Quantum ? size : RoundUp(size, alignment);
        if (rounded > SmallSizes<TSizes>.MaxSize)
        {
            HeapState* heap = LargeHeap(thread, size);
            return AllocateLargeUnreported(heap, size, alignment, zero: false, thread);
        }

        void* block = TryAllocateSmall(rounded, thread, report: false);
        return block != null ? block : AllocateExhausted(rounded, thread, alignment, report: false);
    }

    /// <summary>Reports a block that was resized without being copied, and returns it.</summary>
    private static void* Resized(
        HeapState* heap, void* old, void* block, nuint usable, nuint size, ThreadHeap* thread)
    {
        if (heap->Sampler != null)
        {
            ResizedSampled(heap, block, usable, size);
        }

        return Resizes(heap, old, block, usable, size, thread);
    }

    /// <summary>
    /// Reports a reallocated block to the observer, and counts its bytes if the thread asked for that.
    /// </summary>
    /// <returns>The new address.</returns>
    private static void* Resizes(
        HeapState* heap, void* from, void* to, nuint freed, nuint size, ThreadHeap* thread)
    {
        if (IsReported(heap, thread))
        {
            ReportResizing(heap, from, to, freed, size, thread);
        }

        return to;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void ReportResizing(
        HeapState* heap, void* from, void* to, nuint freed, nuint size, ThreadHeap* thread)
    {
        // A block that was moved was filled before its contents were copied.
        if (freed != 0)
        {
            _ = FillAllocated(heap, to, freed);
        }

        HeapObserver* observer = (HeapObserver*)Atomic.Read(ref *(nuint*)&heap->Observer);
        if (observer != null)
        {
            observer->Resized(observer, from, to, size);
        }

        if (thread != null && thread->Counted)
        {
            // A block that was moved may be in another heap than the old one.
            ThreadHeap.HomeOf(thread)->FreedBytes += freed;
            ThreadLifetime.CountAllocated(thread, UsableAnywhere(ref heap, to));
        }
    }
}
