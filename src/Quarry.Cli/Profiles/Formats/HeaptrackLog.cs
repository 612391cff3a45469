using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using Quarry.Cli.Profiles.Model;

namespace Quarry.Cli.Profiles.Formats;

/// <summary>Writes the lines of a heaptrack file. Numbers are hexadecimal; indices begin with 1.</summary>
internal sealed class HeaptrackLog(TextWriter writer, Profile profile)
{
    private const string Version = "10400", FileVersion = "3";
    private const int PageSize = 4096;

    // heaptrack reads some millions of events a second; beyond that, an event stands for several blocks.
    private const long MaxEvents = 8 << 20;

    private readonly Dictionary<string, int> _strings = new() { [""] = 0 };
    private readonly Dictionary<(ulong Address, Frame Outermost), int> _instructions = [];
    private readonly Dictionary<(int Instruction, int Parent), int> _traces = [];
    private readonly Dictionary<(int Trace, long Size, bool Second), int> _allocations = [];

    // The early block to be freed after the next allocation.
    private int? _pending;

    internal void Write()
    {
        writer.WriteLine($"v {Version} {FileVersion}");
        writer.WriteLine("X " + PlainText.OneLine(profile.CommandLine));
        long resident = profile.File.Statistics.PeakResidentBytes;
        Line('I', PageSize, Math.Max(1, resident / PageSize));
        long events = profile.Sites.Sum(site => HeaptrackSite.Of(site.Figures, 1).Events);
        long divisor = (events + MaxEvents - 1) / MaxEvents;
        if (divisor > 1)
        {
            writer.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"# An allocation stands for {divisor} blocks; sizes are sums."));
        }

        (int Trace, HeaptrackSite Blocks)[] sites =
        [
            .. profile.Sites.Select(site =>
                (Trace(site), HeaptrackSite.Of(site.Figures, Math.Max(1, divisor)))),
        ];
        WriteEvents(sites);
    }

    private void WriteEvents((int Trace, HeaptrackSite Blocks)[] sites)
    {
        Array.ForEach(sites, site => WriteTemporary(site.Trace, site.Blocks.Temporary));
        Array.ForEach(sites, site => WriteEarly(site.Trace, site.Blocks.Early));
        Array.ForEach(sites, site => WriteAll('+', site.Trace, site.Blocks.Dropped));

        // As second entries: the free that comes next must not be that of the last allocation.
        Array.ForEach(sites, site => WriteAll('+', site.Trace, site.Blocks.Kept, second: true));
        FreePending();
        Line('c', (long)profile.File.Totals.PeakTime.TotalMilliseconds);
        Line('R', profile.File.Statistics.PeakResidentBytes / PageSize);
        Array.ForEach(sites, site => WriteAll('-', site.Trace, site.Blocks.Dropped));
        Array.ForEach(sites, site => WriteAll('+', site.Trace, site.Blocks.Late));
        Line('c', (long)profile.File.Duration.TotalMilliseconds);
        Line('R', profile.File.Statistics.ResidentBytes / PageSize);
    }

    private void WriteTemporary(int trace, HeaptrackBlocks blocks)
    {
        foreach ((long size, long count) in blocks.Sizes())
        {
            int allocation = Allocation(trace, size);
            for (long i = 0; i < count; i++)
            {
                Line('+', allocation);
                Line('-', allocation);
            }
        }
    }

    /// <summary>
    /// A block is temporary for heaptrack if no other one was allocated before its free. So two entries of
    /// the same size take turns, and each is freed after the next allocation, if only by another site.
    /// </summary>
    private void WriteEarly(int trace, HeaptrackBlocks blocks)
    {
        foreach ((long size, long count) in blocks.Sizes())
        {
            int[] pair = [Allocation(trace, size), Allocation(trace, size, second: true)];
            for (long i = 0; i < count; i++)
            {
                Allocate(pair[i % 2]);
                _pending = pair[i % 2];
            }
        }
    }

    private void WriteAll(char operation, int trace, HeaptrackBlocks blocks, bool second = false)
    {
        foreach ((long size, long count) in blocks.Sizes())
        {
            int allocation = Allocation(trace, size, second);
            for (long i = 0; i < count; i++)
            {
                if (operation == '+')
                {
                    Allocate(allocation);
                }
                else
                {
                    Line('-', allocation);
                }
            }
        }
    }

    private void Allocate(int allocation)
    {
        Line('+', allocation);
        FreePending();
    }

    private void FreePending()
    {
        if (_pending is { } pending)
        {
            Line('-', pending);
            _pending = null;
        }
    }

    private int Allocation(int trace, long size, bool second = false)
    {
        if (!_allocations.TryGetValue((trace, size, second), out int index))
        {
            if (_allocations.Count == 0)
            {
                // The first index is 0, which heaptrack also takes for "no allocation since the last free".
                Line('a', 0, trace);
            }

            index = _allocations.Count + 1;
            _allocations.Add((trace, size, second), index);
            Line('a', size, trace);
        }

        return index;
    }

    private int Trace(SymbolizedSite site)
    {
        int trace = 0;
        foreach (IReadOnlyList<Frame> frames in site.Addresses.Reverse())
        {
            int instruction = Instruction(frames), parent = trace;
            if (!_traces.TryGetValue((instruction, parent), out trace))
            {
                trace = _traces.Count + 1;
                _traces.Add((instruction, parent), trace);
                Line('t', instruction, parent);
            }
        }

        return trace;
    }

    private int Instruction(IReadOnlyList<Frame> frames)
    {
        Frame outermost = frames[^1];
        if (!_instructions.TryGetValue((outermost.Address, outermost), out int index))
        {
            index = _instructions.Count + 1;
            _instructions.Add((outermost.Address, outermost), index);
            List<long> numbers = [(long)outermost.Address, String(outermost.Module)];
            foreach (Frame frame in frames)
            {
                numbers.AddRange([String(frame.Function), String(frame.File), frame.Line]);
            }

            Line('i', [.. numbers]);
        }

        return index;
    }

    private int String(string text)
    {
        text = PlainText.OneLine(text);
        if (!_strings.TryGetValue(text, out int index))
        {
            index = _strings.Count;
            _strings.Add(text, index);
            int length = System.Text.Encoding.UTF8.GetByteCount(text);
            writer.WriteLine(string.Create(CultureInfo.InvariantCulture, $"s {length:x} {text}"));
        }

        return index;
    }

    private void Line(char kind, params ReadOnlySpan<long> numbers)
    {
        writer.Write(kind);
        foreach (long number in numbers)
        {
            writer.Write(' ');
            writer.Write(number.ToString("x", CultureInfo.InvariantCulture));
        }

        writer.WriteLine();
    }
}
