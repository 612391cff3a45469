using System.Runtime;

namespace Quarry.Malloc;

/// <summary>glibc's extensions: statistics, tuning, and purging.</summary>
internal static unsafe class GlibcFunctions
{
    // The parameters of mallopt in glibc. All are accepted and have no effect.
    private const int FirstParameter = -8, LastParameter = 1;

    /// <summary>Purges all free memory.</summary>
    /// <param name="keep">Ignored; in glibc, the number of bytes to retain at the top of the heap.</param>
    /// <param name="thread">The thread word.</param>
    /// <returns>1 if any memory was purged; otherwise 0.</returns>
    [RuntimeExport("quarry_malloc_trim")]
    internal static int Trim(nuint keep, ThreadHeap* thread)
    {
        thread = ProcessHeap.Ensure(thread);
        nuint bytes = thread == null ? 0 : ArenaThreads.Trim(thread, ProcessHeap.Heap);

        // The process heap is never destroyed, so it needs no lock. The other arenas keep what they have if
        // another thread holds theirs.
        if (thread != null && Arenas.Count > 1 && Arenas.TryLock())
        {
            nuint index = Arenas.AfterFirst;
            while (Arenas.TryNext(ref index, out Arena* arena))
            {
                bytes += ArenaThreads.Trim(thread, arena->Heap);
            }

            Arenas.Unlock();
        }

        return bytes != 0 ? 1 : 0;
    }

    [RuntimeExport("quarry_mallopt")]
    internal static int Mallopt(int parameter, int value) =>
        parameter is >= FirstParameter and <= LastParameter and not 0 ? 1 : 0;

    [RuntimeExport("quarry_mallinfo2")]
    internal static MallInfo<nuint>* MallInfo2(MallInfo<nuint>* result)
    {
        HeapStatistics statistics = ProcessStatistics.Read();
        result->Arena = statistics.CommittedBytes;

        // Counting the free blocks would mean walking every list.
        result->FreeChunks = 0;
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

    /// <remarks>The older form, whose fields wrap at 2 GiB, as in glibc.</remarks>
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
        if (!ReportBuffer.TryMap(out ReportBuffer buffer))
        {
            return;
        }

        TextBuffer text = new(buffer.Text);
        StatisticsText.Write(ref text, ProcessStatistics.Read(buffer.Classes), buffer.Classes);
        fixed (byte* bytes = text.Text)
        {
            // The program requested the report, so it is written to descriptor 2 even if that is another file
            // by now.
            _ = Os.Write(StandardError.Descriptor, bytes, (nuint)text.Length);
        }

        buffer.Unmap();
    }

    /// <returns>0, or an error number.</returns>
    [RuntimeExport("quarry_malloc_info")]
    internal static int Info(int options, void* stream)
    {
        if (options != 0)
        {
            return Errno.InvalidArgument;
        }

        if (!ReportBuffer.TryMap(out ReportBuffer buffer))
        {
            return Errno.NoMemory;
        }

        TextBuffer text = new(buffer.Text);
        StatisticsXml.Write(ref text, ProcessStatistics.Read(buffer.Classes), buffer.Classes);
        LibC.Write(stream, text.Text);
        buffer.Unmap();
        return 0;
    }
}
