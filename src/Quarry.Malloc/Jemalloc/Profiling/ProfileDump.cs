using System;

namespace Quarry.Malloc;

/// <summary>Writes a dump: the text format <c>heap_v2</c> of jemalloc, which jeprof reads.</summary>
/// <remarks>
/// jeprof divides the figures of a record by the probability with which a block of its mean size is sampled.
/// So a record has blocks of one size only, and their number is that of the samples. The samples are copied
/// under the lock of the recording; the rest needs no lock, and no memory but mappings of its own, so dumps
/// can be written by several threads, and in a signal handler that interrupts another dump.
/// </remarks>
internal unsafe ref struct ProfileDump
{
    private LiveSample* _samples;
    private nuint _count;
    private ProfileHeader* _header;
    private nuint _interval;
    private OsFileWriter _output;

    /// <summary>Writes a dump, and reports an error on standard error.</summary>
    /// <param name="path">The path, zero-terminated; a file there is replaced.</param>
    /// <param name="leaks">What the samples in use stand for.</param>
    /// <returns>False after an error.</returns>
    internal static bool TryWrite(byte* path, out LeakTotals leaks)
    {
        ProfileDump dump = default;
        leaks = default;
        if (!dump.TryCopy())
        {
            JemallocMessage.Write("failed to copy the samples for "u8, CText.Span(path), default, false);
            return false;
        }

        leaks = dump.Leaks();
        bool opened = dump._output.TryOpen(path);
        bool written = opened && dump.Write();
        Os.Unmap(dump._samples, LiveSample.MappedBytes(dump._count));
        if (!written)
        {
            JemallocMessage.Write(
                opened ? "failed to write \""u8 : "failed to open \""u8, CText.Span(path), "\""u8, false);
        }

        return written;
    }

    /// <summary>Returns the mean number of bytes between two samples.</summary>
    internal static nuint Interval(int log2Sample) =>
        (nuint)Math.Min(1ul << log2Sample, SampleDraw.MaxInterval);

    private bool TryCopy()
    {
        byte frame;
        if (JemallocProfile.Enter(&frame) == null)
        {
            return false;
        }

        _samples = SampledRecorder.CopyLive(JemallocProfile.Recorder, out _count);
        _header = JemallocProfile.Recording->File.Header;
        _interval = Interval(JemallocProfile.Log2Sample);
        JemallocProfile.Exit();
        if (_samples == null)
        {
            return false;
        }

        HeapSort<LiveSample>.Sort(_samples, _count);
        return true;
    }

    private readonly LeakTotals Leaks()
    {
        LeakTotals totals = default;
        for (nuint at = 0; at < _count; at++)
        {
            totals.Blocks += _samples[at].Blocks;
            totals.Bytes += (double)(long)_samples[at].Blocks / SiteAmount.OneBlock
                * (double)(long)_samples[at].Usable;
        }

        SiteEnumerator sites = new(_header);
        while (sites.TryNext(out ProfileSite* site))
        {
            totals.Contexts += site->LiveSamples != 0 ? 1u : 0;
        }

        return totals;
    }

    private bool Write()
    {
        _output.Append("heap_v2/"u8);
        _output.Append(_interval);
        DumpCounts total = default;
        for (nuint at = 0; at < _count;)
        {
            total.Add(Group(ref at));
        }

        if (ProfOptions.Accumulates)
        {
            AddAllocated(ref total);
        }

        _output.Append("\n  t*: "u8);
        Counts(total);
        Threads();
        for (nuint at = 0; at < _count;)
        {
            Record(ref at);
        }

        if (ProfOptions.Accumulates)
        {
            AllocatedRecords();
        }

        _output.Append("\nMAPPED_LIBRARIES:\n"u8);
        _output.AppendFile("/proc/self/maps\0"u8);
        return _output.Close();
    }

    /// <summary>
    /// Returns the counts of the samples of one thread, site and size, and moves behind them.
    /// </summary>
    private readonly DumpCounts Group(ref nuint at)
    {
        LiveSample* first = &_samples[at];
        ulong blocks = 0;
        for (; at < _count && _samples[at].IsLike(*first); at++)
        {
            blocks += _samples[at].Blocks;
        }

        DumpCounts counts = default;
        counts.Blocks = DumpCounts.Sampled(
            (double)(long)blocks / SiteAmount.OneBlock, (double)(long)first->Usable, _interval);
        counts.Bytes = counts.Blocks * first->Usable;
        return counts;
    }

    /// <summary>Writes a line for each thread that has samples.</summary>
    private void Threads()
    {
        for (nuint at = 0; at < _count;)
        {
            uint id = _samples[at].ThreadId;
            DumpCounts counts = default;
            while (at < _count && _samples[at].ThreadId == id)
            {
                counts.Add(Group(ref at));
            }

            ThreadName(id, ": "u8);
            ThreadRecord* thread = ThreadTable.FindById(&JemallocProfile.Recording->Threads, (int)id);
            Counts(counts, lineEnd: false);
            if (thread != null && (thread->Label[0] != 0 || thread->Entry != null))
            {
                _output.Append(" "u8);
                _output.Append(NameOf(thread));
            }

            _output.Append("\n"u8);
        }
    }

    private static ReadOnlySpan<byte> NameOf(ThreadRecord* thread) => thread->Label[0] != 0
        ? CText.Span(thread->Label)
        : new ReadOnlySpan<byte>(thread->Entry->Name, thread->Entry->NameLength);

    private void Record(ref nuint at)
    {
        LiveSample* first = &_samples[at];
        DumpCounts counts = Group(ref at);
        if (counts.Blocks != 0)
        {
            Stack(SiteNumber.ToSite((byte*)_header, first->Site));
            Counts(counts);
            ThreadName(first->ThreadId, ": "u8);
            Counts(counts);
        }
    }

    // Only the sums of a site are known, so its blocks count with their mean size.
    private void AllocatedRecords()
    {
        SiteEnumerator sites = new(_header);
        while (sites.TryNext(out ProfileSite* site))
        {
            DumpCounts counts = DumpCounts.OfAllocated(site, _interval);
            if (counts.AllBlocks != 0)
            {
                Stack(site);
                Counts(counts);
            }
        }
    }

    private readonly void AddAllocated(ref DumpCounts total)
    {
        SiteEnumerator sites = new(_header);
        while (sites.TryNext(out ProfileSite* site))
        {
            total.Add(DumpCounts.OfAllocated(site, _interval));
        }
    }

    private void Stack(ProfileSite* site)
    {
        ProfileStack* stack = (ProfileStack*)((byte*)_header + site->StackOffset + sizeof(ProfileRecord));
        ulong* addresses = (ulong*)(stack + 1);
        uint depth = Math.Min(stack->Depth, ProfOptions.MostFrames);
        _output.Append("@"u8);
        _output.Append(depth == 0 ? " 0x0"u8 : default);
        for (uint index = 0; index < depth; index++)
        {
            // jeprof subtracts 1 from all return addresses but the first.
            _output.Append(" "u8);
            _output.AppendHex(addresses[index] - (index == 0 ? 1u : 0));
        }

        _output.Append("\n  t*: "u8);
    }

    private void ThreadName(uint id, ReadOnlySpan<byte> after)
    {
        _output.Append("  t"u8);
        _output.Append(id);
        _output.Append(after);
    }

    private void Counts(in DumpCounts counts, bool lineEnd = true)
    {
        _output.Append(counts.Blocks);
        _output.Append(": "u8);
        _output.Append(counts.Bytes);
        _output.Append(" ["u8);
        _output.Append(counts.AllBlocks);
        _output.Append(": "u8);
        _output.Append(counts.AllBytes);
        _output.Append(lineEnd ? "]\n"u8 : "]"u8);
    }
}
