using System.Runtime.CompilerServices;

namespace Quarry;

/// <content>Blocks of the isolated heap: see <see cref="IsolatedHeap"/>, and docs/modes.md.</content>
/// <remarks>
/// In a process with an isolated heap, the thread word of each thread leads to a facade, which looks like a
/// thread without a heap: so every call takes a slow path, and is served here. Where the isolated heap cannot
/// serve, the ordinary one does, from the thread heap behind the facade.
/// </remarks>
internal static unsafe partial class HeapFrontend<TSizes, THost>
{
    // About as many as a refill of an ordinary thread heap has blocks.
    private const uint AllocationsPerProgress = 64;

    /// <summary>Frees a block whose size or alignment the program passes.</summary>
    /// <remarks>Like <see cref="Free(void*, ThreadHeap*)"/>; only an isolated heap compares them.</remarks>
    /// <param name="address">The block.</param>
    /// <param name="size">The size, in bytes; <see cref="FreeRequest.Unsaid"/> if not passed.</param>
    /// <param name="alignment">
    /// The alignment, in bytes; <see cref="FreeRequest.Unsaid"/> if not passed.
    /// </param>
    /// <param name="thread">The thread heap.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void FreeSized(void* address, nuint size, nuint alignment, ThreadHeap* thread)
    {
        Page* page = PrimaryPage(address, thread);
        if (((nuint)page->Owner ^ (nuint)thread) >= page->Left)
        {
            FreeSizedSlow(address, size, alignment, thread, page);
            return;
        }

        ((Block*)address)->Next = page->Free;
        page->Free = (Block*)address;
        page->Left = page->Left - 1;
    }

    /// <summary>Frees a block with a request, in any heap.</summary>
    internal static void Free(void* address, FreeRequest request, ThreadHeap* thread)
    {
        if (thread->Heap == null && address != null)
        {
            FreeFound(address, &request, thread);
        }
        else
        {
            Free(address, thread);
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void FreeSizedSlow(
        void* address, nuint size, nuint alignment, ThreadHeap* thread, Page* page)
    {
        if (thread->Heap == null && address != null)
        {
            Free(address, new FreeRequest { Size = size, Alignment = alignment }, thread);
        }
        else
        {
            FreeSlow(address, thread, page);
        }
    }

    private static bool IsIsolated(HeapState* heap, void* address) =>
        heap->Isolated != null && IsolatedHeap.Contains(heap->Isolated, address);

    /// <summary>Allocates a block, and draws for it; the caller reports it to the observer.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void* AllocateIsolated(ThreadHeap* thread, nuint size, nuint alignment, bool zero)
    {
        HeapState* heap = thread->Heap;
        IsolatedHeap.AccountOf(heap->Isolated)->Open(
            &heap->Backend, &HeapBackend.TryChargeOutside, &HeapBackend.UnchargeOutside);
        IsolatedThread* caller = IsolatedThreadOf(thread);
        if (caller != null && ++caller->Allocations % AllocationsPerProgress == 0)
        {
            HeapState.Progress(heap);
        }

        void* block = IsolatedHeap.Allocate(heap->Isolated, size, alignment, zero, caller);
        if (block != null && Atomic.Read(ref heap->SampleInterval) != 0)
        {
            SampleOutside(heap, block, size);
        }

        return block;
    }

    /// <summary>Frees a block of the isolated heap; returns false if the address is not in it.</summary>
    /// <param name="heap">The heap.</param>
    /// <param name="address">The block.</param>
    /// <param name="request">What the program passes about it; null for nothing.</param>
    /// <param name="thread">The thread heap of the calling thread; null if it has none.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool TryFreeIsolated(
        HeapState* heap, void* address, FreeRequest* request, ThreadHeap* thread)
    {
        if (heap->Isolated == null)
        {
            return false;
        }

        if (Reports(heap) || (thread != null && thread->Counted))
        {
            ReturnsIsolated(heap, address, thread);
        }

        return IsolatedHeap.TryFree(heap->Isolated, address, request, IsolatedThreadOf(thread));
    }

    // Not inlined: looking up large blocks needs a large frame.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void ReturnsIsolated(HeapState* heap, void* address, ThreadHeap* thread)
    {
        if (IsIsolated(heap, address))
        {
            ReturnsOutside(heap, address, thread);
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void* ReallocateUnattached(void* address, nuint size)
    {
        ThreadHeap* thread = THost.Attach();
        return thread == null ? Unavailable()
            : address == null ? AllocateUnattached(size, size, Block.MinSize, zero: false)
            : thread->Heap->Isolated == null ? Reallocate(address, size, thread)
            : IsIsolated(thread->Heap, address)
                ? ReallocateIsolated(thread, address, size, Block.MinSize)
            : Reallocate(address, size, thread);
    }

    private static void* ReallocateIsolated(ThreadHeap* thread, void* address, nuint size, nuint alignment)
    {
        IsolatedHeap* heap = thread->Heap->Isolated;
        nuint usable = IsolatedHeap.SizeOf(heap, address);
        bool aligned = ((nuint)address & (alignment - 1)) == 0;
        if (aligned && IsolatedHeap.TryResize(heap, address, size))
        {
            return Resized(thread->Heap, address, address, usable, size, thread);
        }

        // Another thread could reuse the old address before the observer has seen the move.
        void* remapped = alignment <= Block.MinSize && thread->Heap->Observer == null
            ? IsolatedHeap.TryMove(heap, address, size, IsolatedThreadOf(thread))
            : null;
        if (remapped != null)
        {
            return Resized(thread->Heap, address, remapped, usable, size, thread);
        }

        if (usable == 0)
        {
            IsolatedHeap.ReportInvalid(heap, address);
            return null;
        }

        void* moved = AllocateIsolated(thread, size, alignment, zero: false);
        moved = moved != null ? moved : AllocateUnreported(size, alignment, thread);
        if (moved != null)
        {
            Memory.Copy(address, moved, size < usable ? size : usable);
            _ = Resizes(thread->Heap, address, moved, 0, size, thread);
            _ = TryFreeIsolated(thread->Heap, address, null, thread);
        }

        return moved;
    }

    private static IsolatedThread* IsolatedThreadOf(ThreadHeap* thread) =>
        thread == null || thread->Facade == null ? null : ThreadHeap.Isolated(thread->Facade);
}
