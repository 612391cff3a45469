using System;

namespace Quarry.Malloc;

/// <summary>
/// Formats the statistics as the document of <c>malloc_info</c>, with the elements of glibc that apply to
/// this heap.
/// </summary>
internal static unsafe class StatisticsXml
{
    internal static void Write(ref TextBuffer text, in HeapStatistics heap, SizeClassStatistics* classes)
    {
        text.Append("<malloc version=\"1\">\n<heap nr=\"0\">\n<sizes>\n"u8);
        for (int index = 0; index < SmallSizes<Geometry>.Count; index++)
        {
            if (classes[index].Allocations != 0)
            {
                Append(ref text, "<size from=\""u8, classes[index].BlockSize);
                Append(ref text, "\" to=\""u8, classes[index].BlockSize);
                Append(ref text, "\" total=\""u8, classes[index].InUseBlocks * classes[index].BlockSize);
                Append(ref text, "\" count=\""u8, classes[index].InUseBlocks);
                text.Append("\"/>\n"u8);
            }
        }

        text.Append("</sizes>\n"u8);
        Append(ref text, "<total type=\"rest\" count=\""u8, heap.InUseBlocks);
        Append(ref text, "\" size=\""u8, heap.InUseBytes);
        Append(ref text, "\"/>\n<system type=\"current\" size=\""u8, heap.CommittedBytes);
        Append(ref text, "\"/>\n<system type=\"max\" size=\""u8, heap.PeakBytes);
        Append(ref text, "\"/>\n<aspace type=\"total\" size=\""u8, heap.MappedBytes);
        text.Append("\"/>\n</heap>\n"u8);
        Append(ref text, "<total type=\"mmap\" count=\""u8, heap.LargeInUseBlocks);
        Append(ref text, "\" size=\""u8, heap.LargeInUseBytes);
        text.Append("\"/>\n</malloc>\n"u8);
    }

    private static void Append(ref TextBuffer text, ReadOnlySpan<byte> before, nuint value)
    {
        text.Append(before);
        text.Append(value);
    }
}
