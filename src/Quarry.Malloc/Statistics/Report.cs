using System;

namespace Quarry.Malloc;

/// <summary>The figures of the process's heap as text for people and for programs.</summary>
internal static unsafe class Report
{
    /// <summary>
    /// More bytes than a report has: an object of 100 bytes for each size class, and the rest.
    /// </summary>
    internal const int MaxLength = 12 * 1024;

    /// <summary>A table, as <c>malloc_stats</c> prints it.</summary>
    internal static void WriteText(ref TextBuffer text)
    {
        SizeClassStatistics* classes = stackalloc SizeClassStatistics[SmallSizes<EightPerDoubling>.Count];
        HeapStatistics heap = Census.Take(classes);
        Line(ref text, "requested     "u8, heap.RequestedBytes, heap.Allocations);
        Line(ref text, "in use        "u8, heap.InUseBytes, heap.InUseBlocks);
        Line(ref text, "  large blocks"u8, heap.LargeInUseBytes, heap.LargeInUseBlocks);
        Line(ref text, "peak of pages "u8, heap.PeakBytes, 0);
        Line(ref text, "committed     "u8, heap.CommittedBytes, 0);
        Line(ref text, "reserved      "u8, heap.MappedBytes, 0);
        text.Append("      size  allocations       in use    pages\n"u8);
        for (int index = 0; index < SmallSizes<EightPerDoubling>.Count; index++)
        {
            if (classes[index].Allocations != 0)
            {
                text.Append(classes[index].BlockSize, 10);
                text.Append(classes[index].Allocations, 13);
                text.Append(classes[index].InUseBlocks, 13);
                text.Append(classes[index].Pages, 9);
                text.Append((byte)'\n');
            }
        }
    }

    /// <summary>
    /// The document of <c>malloc_info</c>, with the elements of glibc's that have a meaning here.
    /// </summary>
    internal static void WriteXml(ref TextBuffer text)
    {
        SizeClassStatistics* classes = stackalloc SizeClassStatistics[SmallSizes<EightPerDoubling>.Count];
        HeapStatistics heap = Census.Take(classes);
        text.Append("<malloc version=\"1\">\n<heap nr=\"0\">\n<sizes>\n"u8);
        for (int index = 0; index < SmallSizes<EightPerDoubling>.Count; index++)
        {
            if (classes[index].Allocations != 0)
            {
                Attribute(ref text, "<size from=\""u8, classes[index].BlockSize);
                Attribute(ref text, "\" to=\""u8, classes[index].BlockSize);
                Attribute(ref text, "\" total=\""u8, classes[index].InUseBlocks * classes[index].BlockSize);
                Attribute(ref text, "\" count=\""u8, classes[index].InUseBlocks);
                text.Append("\"/>\n"u8);
            }
        }

        text.Append("</sizes>\n"u8);
        Attribute(ref text, "<total type=\"rest\" count=\""u8, heap.InUseBlocks);
        Attribute(ref text, "\" size=\""u8, heap.InUseBytes);
        Attribute(ref text, "\"/>\n<system type=\"current\" size=\""u8, heap.CommittedBytes);
        Attribute(ref text, "\"/>\n<system type=\"max\" size=\""u8, heap.PeakBytes);
        Attribute(ref text, "\"/>\n<aspace type=\"total\" size=\""u8, heap.MappedBytes);
        text.Append("\"/>\n</heap>\n"u8);
        Attribute(ref text, "<total type=\"mmap\" count=\""u8, heap.LargeInUseBlocks);
        Attribute(ref text, "\" size=\""u8, heap.LargeInUseBytes);
        text.Append("\"/>\n</malloc>\n"u8);
    }

    /// <summary>The record that <see cref="Snapshot"/> keeps.</summary>
    internal static void WriteJson(ref TextBuffer text, byte* program, bool final)
    {
        SizeClassStatistics* classes = stackalloc SizeClassStatistics[SmallSizes<EightPerDoubling>.Count];
        HeapStatistics heap = Census.Take(classes);
        ProcessMemory memory = ProcessMemory.Read();
        Attribute(ref text, "{\"version\":1,\"pid\":"u8, (nuint)Os.ProcessId());
        Attribute(ref text, ",\"parent\":"u8, (nuint)Os.ParentProcessId());
        text.Append(",\"program\":"u8);
        text.AppendJson(program);
        text.Append(final ? ",\"final\":true"u8 : ",\"final\":false"u8);
        Attribute(ref text, ",\"requested\":"u8, heap.RequestedBytes);
        Attribute(ref text, ",\"allocations\":"u8, heap.Allocations);
        Attribute(ref text, ",\"frees\":"u8, heap.Allocations - heap.InUseBlocks);
        Attribute(ref text, ",\"in_use\":"u8, heap.InUseBytes);
        Attribute(ref text, ",\"in_use_blocks\":"u8, heap.InUseBlocks);
        Attribute(ref text, ",\"peak\":"u8, heap.PeakBytes);
        Attribute(ref text, ",\"committed\":"u8, heap.CommittedBytes);
        Attribute(ref text, ",\"mapped\":"u8, heap.MappedBytes);
        Attribute(ref text, ",\"resident\":"u8, memory.Resident);
        Attribute(ref text, ",\"peak_resident\":"u8, memory.PeakResident);
        Attribute(ref text, ",\"threads\":"u8, heap.Threads);
        text.Append(",\"classes\":["u8);
        bool first = true;
        for (int index = 0; index < SmallSizes<EightPerDoubling>.Count; index++)
        {
            if (classes[index].Allocations != 0)
            {
                Attribute(ref text, first ? "{\"size\":"u8 : ",{\"size\":"u8, classes[index].BlockSize);
                Attribute(ref text, ",\"allocations\":"u8, classes[index].Allocations);
                Attribute(ref text, ",\"in_use\":"u8, classes[index].InUseBlocks);
                Attribute(ref text, ",\"pages\":"u8, classes[index].Pages);
                text.Append((byte)'}');
                first = false;
            }
        }

        Attribute(ref text, "],\"large\":{\"allocations\":"u8, heap.LargeAllocations);
        Attribute(ref text, ",\"in_use\":"u8, heap.LargeInUseBlocks);
        Attribute(ref text, ",\"bytes\":"u8, heap.LargeInUseBytes);
        text.Append("}}\n"u8);
    }

    private static void Line(ref TextBuffer text, ReadOnlySpan<byte> label, nuint bytes, nuint blocks)
    {
        text.Append(label);
        text.Append(bytes, 18);
        text.Append(" bytes"u8);
        if (blocks != 0)
        {
            text.Append(blocks, 14);
            text.Append(" blocks"u8);
        }

        text.Append((byte)'\n');
    }

    private static void Attribute(ref TextBuffer text, ReadOnlySpan<byte> before, nuint value)
    {
        text.Append(before);
        text.Append(value);
    }
}
