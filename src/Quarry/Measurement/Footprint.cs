using System;

namespace Quarry;

/// <summary>How much memory a data structure really takes, managed and native.</summary>
/// <remarks>
/// <para>
/// The structure is built while nothing else should allocate; then the managed heap is collected, and what
/// has survived is the structure. The live managed bytes are those of the process, so each figure is the
/// median of three structures built one after another. What building allocates in total is counted exactly,
/// for the building thread; so is native memory of counted allocators.
/// </para>
/// <para>Costs two full collections for each structure; for tests and investigations.</para>
/// </remarks>
public static class Footprint
{
    private const int Trials = 3;

    /// <summary>Measures a data structure.</summary>
    /// <param name="name">What the table calls it.</param>
    /// <param name="elements">How many elements it has, to tell the bytes of each.</param>
    /// <param name="build">Makes a new one; it is disposed of at the end if it can be.</param>
    /// <param name="native">Where it takes native memory from.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is not one element.</exception>
    public static FootprintStatistics Of<T>(
        string name, long elements, Func<T> build, params ReadOnlySpan<MemorySource> native)
    {
        ArgumentNullException.ThrowIfNull(build);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(elements);

        // The first one also pays for what is made only once.
        _ = Measure(build, native);
        Span<long> live = stackalloc long[Trials];
        Trial trial = default;
        for (int index = 0; index < Trials; index++)
        {
            trial = Measure(build, native);
            live[index] = trial.LiveBytes;
        }

        live.Sort();
        return new FootprintStatistics(name, elements)
        {
            ManagedBytes = Math.Max(0, live[Trials / 2]),
            NativeBytes = trial.NativeBytes,
            ManagedBuildBytes = trial.AllocatedBytes,
            NativeBuildBytes = trial.NativeAllocatedBytes,
        };
    }

    /// <summary>A table of structures beside the first one.</summary>
    public static FootprintTable Compare(params ReadOnlySpan<FootprintStatistics> structures) =>
        new(structures.ToArray());

    /// <summary>Bytes in the managed objects of the process that are reachable.</summary>
    /// <remarks>Collects twice: what finalizers release is not reachable either.</remarks>
    public static long LiveManagedBytes()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();

        // At a collection nothing of the heap is handed out to threads, so this is the objects alone.
        GCMemoryInfo last = GC.GetGCMemoryInfo(GCKind.FullBlocking);
        return last.HeapSizeBytes - last.FragmentedBytes;
    }

    private static Trial Measure<T>(Func<T> build, ReadOnlySpan<MemorySource> native)
    {
        // Made before, so that holding the structure takes nothing.
        T[] holder = new T[1];
        long before = LiveManagedBytes();
        long nativeBefore = 0, nativeAllocatedBefore = 0;
        foreach (MemorySource source in native)
        {
            nativeBefore += source.Statistics.CurrentBytes;
            nativeAllocatedBefore += source.Statistics.AllocatedBytes;
        }

        long allocatedBefore = GC.GetAllocatedBytesForCurrentThread();
        holder[0] = build();
        var trial = new Trial { AllocatedBytes = GC.GetAllocatedBytesForCurrentThread() - allocatedBefore };
        trial.LiveBytes = LiveManagedBytes() - before;
        foreach (MemorySource source in native)
        {
            trial.NativeBytes += source.Statistics.CurrentBytes;
            trial.NativeAllocatedBytes += source.Statistics.AllocatedBytes;
        }

        trial.NativeBytes -= nativeBefore;
        trial.NativeAllocatedBytes -= nativeAllocatedBefore;
        (holder[0] as IDisposable)?.Dispose();
        return trial;
    }

    private struct Trial
    {
        public long LiveBytes, AllocatedBytes, NativeBytes, NativeAllocatedBytes;
    }
}
