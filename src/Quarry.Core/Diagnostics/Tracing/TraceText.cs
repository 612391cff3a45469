using System;

namespace Quarry;

/// <summary>An event as a line of text, without allocating.</summary>
/// <remarks>
/// The format is stable:
/// <c>quarry TICKS THREAD EVENT ADDRESS SIZE ALIGNMENT</c>, and for an event that resizes a block
/// <c>NEWADDRESS NEWSIZE</c> after it. Addresses are hexadecimal and begin with <c>0x</c>, the other numbers
/// are decimal, one space is between them and a line feed at the end. A reader skips lines that do not begin
/// with <c>quarry</c>, and ignores what may one day follow the fields it knows.
/// </remarks>
internal static unsafe class TraceText
{
    /// <summary>More bytes than any line has: 8 fields, no number longer than 20 digits.</summary>
    internal const int MaxLength = 192;

    internal static ReadOnlySpan<byte> Mark => "quarry"u8;

    /// <summary>The name of an event in a line; nothing for one that is unknown.</summary>
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

    /// <summary>Whether an event of the kind has a new address and a new size.</summary>
    internal static bool Resizes(TraceEventKind kind) =>
        kind is TraceEventKind.Reallocating or TraceEventKind.Reallocate or TraceEventKind.Resize;

    /// <summary>Appends a line, without its line feed.</summary>
    internal static void Append(ref TextBuffer line, TraceEvent* trace)
    {
        line.Append(Mark);
        AppendNumber(ref line, (nuint)trace->Ticks);
        AppendNumber(ref line, trace->Thread);
        line.Append((byte)' ');
        line.Append(NameOf(trace->Kind));
        AppendAddress(ref line, trace->Address);
        AppendNumber(ref line, trace->Size);
        AppendNumber(ref line, trace->Alignment);
        if (Resizes(trace->Kind))
        {
            AppendAddress(ref line, trace->NewAddress);
            AppendNumber(ref line, trace->NewSize);
        }
    }

    /// <summary>Appends a field that is an address.</summary>
    internal static void AppendAddress(ref TextBuffer line, nuint address)
    {
        line.Append(" 0x"u8);
        line.AppendHex(address);
    }

    private static void AppendNumber(ref TextBuffer line, nuint number)
    {
        line.Append((byte)' ');
        line.Append(number);
    }
}
