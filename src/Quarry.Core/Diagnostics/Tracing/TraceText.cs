using System;

namespace Quarry;

/// <summary>Formats an event as a line of text, without allocating.</summary>
/// <remarks>
/// The format is stable: <c>quarry TICKS THREAD EVENT ADDRESS SIZE ALIGNMENT</c>, followed for an event that
/// resizes a block by <c>NEWADDRESS NEWSIZE</c>. Addresses are hexadecimal with the prefix <c>0x</c>, all
/// other numbers are decimal. Fields are separated by one space, and lines end with a line feed. Readers must
/// skip lines that do not begin with <c>quarry</c>, and ignore additional fields at the end.
/// </remarks>
internal static unsafe class TraceText
{
    /// <summary>
    /// The maximum length of a line, in bytes: 9 fields, with numbers of at most 20 digits.
    /// </summary>
    internal const int MaxLength = 192;

    internal static ReadOnlySpan<byte> Mark => "quarry"u8;

    /// <summary>Returns the name of a kind of event in a line; empty if there is none.</summary>
    internal static ReadOnlySpan<byte> NameOf(TraceEventKind kind) => kind switch
    {
        TraceEventKind.Allocate => "allocate"u8,
        TraceEventKind.AllocateZeroed => "allocate-zeroed"u8,
        TraceEventKind.Deallocate => "deallocate"u8,
        TraceEventKind.Reallocating => "reallocating"u8,
        TraceEventKind.Reallocate => "reallocate"u8,
        TraceEventKind.Resize => "resize"u8,
        TraceEventKind.DeallocateAll => "deallocate-all"u8,
        _ => default,
    };

    /// <summary>Determines whether events of a kind have a new address and a new size.</summary>
    internal static bool Resizes(TraceEventKind kind) =>
        kind is TraceEventKind.Reallocating or TraceEventKind.Reallocate or TraceEventKind.Resize;

    /// <summary>Formats an event, with a line feed at the end.</summary>
    /// <param name="line">The memory for the line: <see cref="MaxLength"/> bytes.</param>
    /// <param name="trace">The event.</param>
    /// <returns>The length of the line, in bytes.</returns>
    internal static int Format(byte* line, TraceEvent* trace)
    {
        byte* end = TextLine.Append(line, Mark);
        end = TextLine.Append(AppendSpace(end), trace->Ticks);
        end = TextLine.Append(AppendSpace(end), trace->Thread);
        end = TextLine.Append(AppendSpace(end), NameOf(trace->Kind));
        end = AppendAddress(AppendSpace(end), trace->Address);
        end = TextLine.Append(AppendSpace(end), trace->Size);
        end = TextLine.Append(AppendSpace(end), trace->Alignment);
        if (Resizes(trace->Kind))
        {
            end = AppendAddress(AppendSpace(end), trace->NewAddress);
            end = TextLine.Append(AppendSpace(end), trace->NewSize);
        }

        *end++ = (byte)'\n';
        return (int)(end - line);
    }

    private static byte* AppendSpace(byte* end)
    {
        *end = (byte)' ';
        return end + 1;
    }

    internal static byte* AppendAddress(byte* end, nuint address) =>
        TextLine.Append(TextLine.Append(end, "0x"u8), address, radix: 16);
}
