using System;
using System.Diagnostics;

namespace Quarry;

/// <summary>Checks the invariants of a heap's structures: every list, bitmap, chain, count and map.</summary>
/// <remarks>
/// For tests and debug images. <see cref="FirstFault(HeapState*)"/> requires a heap at rest: no other thread
/// may use it. <see cref="FirstFault(ThreadHeap*)"/> checks the part of one thread; that thread may call it
/// outside its slow paths, or when it has just entered one.
/// </remarks>
internal static unsafe partial class HeapCheck
{
    private static nuint s_calls;

    /// <summary>Gets a value that indicates whether this is a debug build.</summary>
    internal static bool IsCompiled
    {
        get
        {
            bool compiled = false;
            Set(ref compiled);
            return compiled;
        }
    }

    /// <summary>Determines whether a heap at rest is valid.</summary>
    internal static bool IsValid(HeapState* heap) => FirstFault(heap).IsEmpty;

    /// <summary>Returns a description of the first violated invariant; empty if there is none.</summary>
    internal static ReadOnlySpan<byte> FirstFault(HeapState* heap)
    {
        ReadOnlySpan<byte> fault = default;
        for (ThreadHeap* thread = heap->Threads; thread != null && fault.IsEmpty; thread = thread->Next)
        {
            fault = FirstFault(thread);
        }

        nuint slices = 0;
        for (Region* region = heap->Backend.First; region != null && fault.IsEmpty; region = region->Next)
        {
            fault = CheckRegion(heap, region, ref slices);
        }

        return fault.IsEmpty ? CheckBackend(&heap->Backend, slices) : fault;
    }

    /// <summary>
    /// In a debug build, checks the calling thread's part of the heap once in <see
    /// cref="HeapState.CheckInterval"/> calls, counted over all threads and heaps; aborts with a message if
    /// it is not valid.
    /// </summary>
    [Conditional("DEBUG")]
    internal static void AtInterval(ThreadHeap* thread)
    {
        nuint interval = thread->Heap->CheckInterval;
        if (interval == 0 || Atomic.Add(ref s_calls, 1) % interval != 0)
        {
            return;
        }

        ReadOnlySpan<byte> fault = FirstFault(thread);
        if (!fault.IsEmpty)
        {
            StandardError.Write("quarry: the heap is not valid: "u8);
            StandardError.Write(fault);
            Os.Abort();
        }
    }

    [Conditional("DEBUG")]
    private static void Set(ref bool compiled) => compiled = true;

    private static ReadOnlySpan<byte> CheckBackend(HeapBackend* backend, nuint slices)
    {
        nuint used = (slices << Region.Log2Slice) + Atomic.Read(ref backend->OutsideUsed);
        void* block = backend->PageMap.NextHuge(null, out nuint size);
        while (block != null)
        {
            used += size;
            block = backend->PageMap.NextHuge((byte*)block + Region.Alignment, out size);
        }

        for (KeptBlock* kept = backend->Large->Kept; kept != null; kept = kept->Next)
        {
            if (!IsValid(backend, kept))
            {
                return "the descriptor of a kept block is that of another one\n"u8;
            }
        }

        return used != Atomic.Read(ref backend->Used)
            ? "the used bytes are not those of slices and mappings\n"u8
            : backend->PeakUsed < backend->UsedBytes ? "the peak is below the used bytes\n"u8
            : default;
    }

    // A slice of a kept block that is free as well is missing in the sum of the used bytes.
    private static bool IsValid(HeapBackend* backend, KeptBlock* kept)
    {
        if (kept->IsEmpty)
        {
            return true;
        }

        Page* page = backend->Find(kept->Block, out _);
        return page != null && page->Kind == PageKind.None && page->Slices == 0
            && page->BlockSize == kept->Size;
    }
}
