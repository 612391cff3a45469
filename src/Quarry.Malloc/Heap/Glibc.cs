using System.Runtime;

namespace Quarry.Malloc;

/// <summary>What glibc offers beyond allocating: figures, tuning, and giving memory back.</summary>
internal static unsafe class Glibc
{
    // Parameters of mallopt that glibc knows; those that tune what does not exist here are accepted all the
    // same.
    private const int FirstKnown = -8, LastKnown = 1;

    /// <remarks>
    /// Everything that lies idle goes back; <paramref name="keep"/> is meaningless without a program break.
    /// </remarks>
    /// <returns>1 if any memory went back.</returns>
    [RuntimeExport("quarry_malloc_trim")]
    internal static int Trim(nuint keep, ThreadHeap* thread)
    {
        thread = ProcessHeap.Ensure(thread);
        return thread != null && HeapUpkeep.Trim(thread) != 0 ? 1 : 0;
    }

    [RuntimeExport("quarry_mallopt")]
    internal static int Mallopt(int parameter, int value) =>
        parameter is >= FirstKnown and <= LastKnown and not 0 ? 1 : 0;

    [RuntimeExport("quarry_mallinfo2")]
    internal static MallInfo<nuint>* MallInfo2(MallInfo<nuint>* result)
    {
        HeapStatistics statistics = Census.Take();
        result->Arena = statistics.CommittedBytes;
        result->FreeChunks = statistics.Allocations - statistics.InUseBlocks;
        result->SmallFreeChunks = 0;
        result->MappedChunks = statistics.LargeInUseBlocks;
        result->MappedBytes = statistics.LargeInUseBytes;
        result->PeakBytes = statistics.PeakBytes;
        result->SmallFreeBytes = 0;
        result->InUseBytes = statistics.InUseBytes;
        result->FreeBytes = statistics.CommittedBytes - statistics.InUseBytes;
        result->TrimmableBytes = statistics.DirtyBytes;
        return result;
    }

    /// <remarks>The older form, whose fields wrap beyond 2 GiB as they always did.</remarks>
    [RuntimeExport("quarry_mallinfo")]
    internal static MallInfo<int>* MallInfo(MallInfo<int>* result)
    {
        MallInfo<nuint> wide;
        _ = MallInfo2(&wide);
        nuint* from = (nuint*)&wide;
        int* to = (int*)result;
        for (int field = 0; field < sizeof(MallInfo<int>) / sizeof(int); field++)
        {
            to[field] = unchecked((int)from[field]);
        }

        return result;
    }

    [RuntimeExport("quarry_malloc_stats")]
    internal static void Stats()
    {
        TextBuffer text = new(stackalloc byte[Report.MaxLength]);
        Report.WriteText(ref text);
        fixed (byte* bytes = text.Text)
        {
            // The program asks for it, so it goes to the descriptor whatever that is by now.
            _ = Os.Write(StandardError.Descriptor, bytes, (nuint)text.Length);
        }
    }

    /// <returns>0, or EINVAL if <paramref name="options"/> is not 0.</returns>
    [RuntimeExport("quarry_malloc_info")]
    internal static int Info(int options, void* stream)
    {
        if (options != 0)
        {
            return Errno.InvalidArgument;
        }

        TextBuffer text = new(stackalloc byte[Report.MaxLength]);
        Report.WriteXml(ref text);
        LibC.Write(stream, text.Text);
        return 0;
    }
}
