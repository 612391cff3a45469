using System.Runtime.CompilerServices;

namespace Quarry;

/// <summary>Has threads read the clock in their slow paths, and return unused memory.</summary>
/// <remarks>
/// <para>
/// Reading the clock takes a few nanoseconds; without a vDSO it is a system call of 100 ns to microseconds.
/// So a busy thread reads it once in 64 slow paths, which provide thousands of blocks. While memory is dirty,
/// a thread that has not read it for longer than its resolution reads it at the next slow path, and then at
/// intervals that double.
/// </para>
/// <para>
/// A thread that allocates now and then takes few slow paths, as each list holds up to a page of blocks.
/// While much memory waits to be purged, the lists of such a thread are short, so that purging makes progress
/// with every few allocations. They grow with the interval of the readings, and a busy thread has full lists.
/// </para>
/// </remarks>
internal static unsafe class ThreadClock
{
    /// <summary>The most slow paths between two readings, less one.</summary>
    internal const int MostPaths = 63;

    // The first refill of a thread that allocates rarely provides this number of blocks.
    private const int ShortList = 4;

    // A page that becomes available or free counts as this number of slow paths: 1 MiB leads to a reading.
    private const int PathsPerPage = 4;

    // In PathsToClock: one path, above the bits that count refills, at most 64 between two readings.
    private const int OnePath = 256, RefillBits = OnePath - 1;

    // Above the resolution of the clock, which is 1 to 4 ms in most systems.
    private const nuint RareMilliseconds = 8;

    /// <summary>Counts a slow path.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void OnSlowPath(ThreadHeap* thread)
    {
        if ((thread->PathsToClock -= OnePath) < 0)
        {
            Read(thread);
        }
    }

    /// <summary>Counts a refill of a free list; reports progress when the clock is read.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void OnRefill(ThreadHeap* thread)
    {
        // One addition counts both.
        if ((thread->PathsToClock += 1 - OnePath) < 0)
        {
            HeapState.Progress(thread->Heap);
            if (TryRead(thread))
            {
                // They may be the last blocks of their pages.
                RemoteCache.Flush(thread);
                IdlePages.Step(thread, thread->ClockAt);
            }
        }
    }

    /// <summary>
    /// Counts the slow path of a large block; returns whether the thread should call <see
    /// cref="IdlePages.Step"/>.
    /// </summary>
    internal static bool OnLargeBlock(ThreadHeap* thread) =>
        (thread->PathsToClock -= OnePath) < 0 && TryRead(thread);

    /// <summary>Has threads report progress more often, from their next reading of the clock on.</summary>
    /// <param name="heap">The heap.</param>
    /// <param name="paths">The number of refills between two reports.</param>
    internal static void SetProgressPaths(HeapState* heap, nuint paths) =>
        heap->ProgressPaths = paths == 0 ? 0 : paths <= MostPaths ? (int)paths - 1 : MostPaths;

    /// <summary>Counts a page that was full and has free blocks, or whose blocks are all free.</summary>
    internal static void OnFreedPage(ThreadHeap* thread)
    {
        // A thread that only frees takes none of the paths that read the clock, and must not underflow.
        if (thread->PathsToClock >= 0)
        {
            thread->PathsToClock -= PathsPerPage * OnePath;
        }
    }

    /// <summary>Has the thread read the clock at its next slow path.</summary>
    internal static void ReadSoon(ThreadHeap* thread) => SetPaths(thread, 0);

    /// <summary>Returns the number of refills of a thread so far.</summary>
    internal static nuint RefillsOf(ThreadHeap* thread) =>
        thread->Refills + ((uint)thread->PathsToClock & RefillBits);

    /// <summary>
    /// Reads the clock; returns true at most once in each tick, and not if free slices were purged, which is
    /// enough for one call.
    /// </summary>
    private static bool TryRead(ThreadHeap* thread)
    {
        nuint before = thread->ClockAt;
        nuint steps = Atomic.Read(ref thread->Heap->Backend.Supply.PurgeSteps);
        Read(thread);
        return thread->ClockAt != before && Atomic.Read(ref thread->Heap->Backend.Supply.PurgeSteps) == steps;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Read(ThreadHeap* thread)
    {
        HeapState* heap = thread->Heap;
        nuint now = Os.Milliseconds();
        bool rare = now - thread->ClockAt >= RareMilliseconds;
        bool idle = IdlePages.Waits(thread, now);
        int paths = !heap->Backend.MayBeDirty && !idle ? MostPaths
            : rare ? 0
            : (2 * thread->PathsPerReading) + 1;
        paths = paths > MostPaths ? MostPaths : paths;
        thread->ClockAt = now;
        thread->PathsPerReading = paths;
        SetPaths(thread, paths < heap->ProgressPaths ? paths : heap->ProgressPaths);
        heap->Backend.Decay(now);
        ThreadHeap.SetRefillLimit(
            thread,
            thread->Uncached ? 1
            : paths < MostPaths && (idle || heap->Backend.IsBehind) ? ShortList * (paths + 1)
            : 0);
        if (heap->Backend.DecayMilliseconds > 0)
        {
            RemoteQueue.RelieveIfDue(heap, thread, now);
        }
    }

    private static void SetPaths(ThreadHeap* thread, int paths)
    {
        thread->Refills += (uint)thread->PathsToClock & RefillBits;
        thread->PathsToClock = paths * OnePath;
    }
}
