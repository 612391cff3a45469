using System;

namespace Quarry.Malloc;

/// <summary>Formats the statistics as JSON: the contents of a statistics file.</summary>
internal static unsafe class StatisticsJson
{
    /// <summary>Appends the record of this process.</summary>
    /// <param name="text">The text to append to.</param>
    /// <param name="program">The zero-terminated path of the program.</param>
    /// <param name="final">Whether the process is exiting.</param>
    /// <param name="memory">The memory of the process.</param>
    /// <param name="heap">The statistics of the heap.</param>
    /// <param name="classes">The statistics of each size class.</param>
    internal static void Write(
        ref TextBuffer text,
        byte* program,
        bool final,
        in ProcessMemory memory,
        in HeapStatistics heap,
        SizeClassStatistics* classes)
    {
        Append(ref text, "{\"version\":2,\"pid\":"u8, (nuint)Os.ProcessId());
        Append(ref text, ",\"parent\":"u8, (nuint)Os.ParentProcessId());
        text.Append(",\"program\":"u8);
        AppendString(ref text, program);
        text.Append(final ? ",\"final\":true"u8 : ",\"final\":false"u8);
        Append(ref text, ",\"resident_bytes\":"u8, memory.ResidentBytes);
        Append(ref text, ",\"peak_resident_bytes\":"u8, memory.PeakResidentBytes);
        for (int index = 0; Statistic.TryGet(heap, index, out Statistic statistic); index++)
        {
            text.Append(index == 0 ? ",\"heap\":{\""u8 : ",\""u8);
            text.Append(statistic.Name);
            Append(ref text, "\":"u8, statistic.Value);
        }

        text.Append("},\"classes\":["u8);
        bool first = true;
        for (int index = 0; index < SmallSizes<Geometry>.Count; index++)
        {
            if (classes[index].Allocations != 0)
            {
                Append(ref text, first ? "{\"size\":"u8 : ",{\"size\":"u8, classes[index].BlockSize);
                Append(ref text, ",\"allocations\":"u8, classes[index].Allocations);
                Append(ref text, ",\"in_use\":"u8, classes[index].InUseBlocks);
                Append(ref text, ",\"pages\":"u8, classes[index].Pages);
                text.Append((byte)'}');
                first = false;
            }
        }

        text.Append("]}\n"u8);
    }

    private static void Append(ref TextBuffer text, ReadOnlySpan<byte> before, nuint value)
    {
        text.Append(before);
        text.Append(value);
    }

    /// <summary>
    /// Appends a quoted string; replaces invalid UTF-8, which file names may contain, by U+FFFD.
    /// </summary>
    private static void AppendString(ref TextBuffer text, byte* value)
    {
        text.Append((byte)'"');
        while (*value != 0)
        {
            int length = CharacterLength(value);
            if (length == 0)
            {
                text.Append("\\ufffd"u8);
                value++;
            }
            else if (*value < 0x20)
            {
                text.Append("\\u00"u8);
                text.Append((byte)('0' + (*value >> 4)));
                text.AppendHex((nuint)(*value++ & 15));
            }
            else
            {
                if (*value is (byte)'"' or (byte)'\\')
                {
                    text.Append((byte)'\\');
                }

                text.Append(new ReadOnlySpan<byte>(value, length));
                value += length;
            }
        }

        text.Append((byte)'"');
    }

    /// <summary>
    /// Returns the number of bytes in the UTF-8 character at an address; 0 if it is invalid.
    /// </summary>
    private static int CharacterLength(byte* text)
    {
        byte lead = text[0];
        int length = lead switch
        {
            < 0x80 => 1,
            >= 0xc2 and <= 0xdf => 2,
            >= 0xe0 and <= 0xef => 3,
            >= 0xf0 and <= 0xf4 => 4,
            _ => 0,
        };
        for (int at = 1; at < length; at++)
        {
            // The terminating zero is not a continuation byte, so nothing is read beyond it.
            if ((text[at] & 0xc0) != 0x80)
            {
                return 0;
            }
        }

        // Rejects overlong forms, surrogates, and code points above U+10FFFF.
        bool valid = lead switch
        {
            0xe0 => text[1] >= 0xa0,
            0xed => text[1] < 0xa0,
            0xf0 => text[1] >= 0x90,
            0xf4 => text[1] < 0x90,
            _ => true,
        };
        return valid ? length : 0;
    }
}
