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

    /// <summary>Appends a line, without its line feed.</summary>
    internal static void Append(ref TextBuffer line, TraceEvent* trace)
    {
        line.Append(Mark);
        AppendNumber(ref line, (nuint)trace->Nanoseconds);
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
