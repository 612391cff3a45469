using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Numerics;
using System.Text;

namespace Quarry;

/// <content>Conversion of events from and to lines of text.</content>
public readonly unsafe partial struct TraceEvent
{
    private const int Fields = 7, FieldsOfResize = 9;

    /// <summary>Reads the events in a text, in their order. Other lines are skipped.</summary>
    /// <param name="text">The text that was written to the file descriptor.</param>
    public static IEnumerable<TraceEvent> Read(TextReader text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return ReadLines(text);
    }

    /// <summary>Tries to parse a line that <see cref="Tracing{TInner}"/> has written.</summary>
    /// <param name="line">The line, with or without its line feed.</param>
    /// <param name="traceEvent">The event; the default value if the line is not an event.</param>
    /// <returns><see langword="false"/> if the line is not an event.</returns>
    public static bool TryParse(ReadOnlySpan<char> line, out TraceEvent traceEvent)
    {
        traceEvent = default;

        // One more than there are fields: the last range holds the additional ones, which are ignored.
        Span<Range> ranges = stackalloc Range[FieldsOfResize + 1];
        ReadOnlySpan<char> text = line.TrimEnd('\n');
        int count = text.Split(ranges, ' ');
        if (count < Fields || !Ascii.Equals(TraceText.Mark, text[ranges[0]]))
        {
            return false;
        }

        TraceEventKind kind = KindOf(text[ranges[3]]);
        nuint newAddress = 0, newSize = 0;
        if (kind == TraceEventKind.None
            || !TryNumber(text[ranges[1]], out ulong ticks)
            || !TryNumber(text[ranges[2]], out nuint thread)
            || !TryAddress(text[ranges[4]], out nuint address)
            || !TryNumber(text[ranges[5]], out nuint size)
            || !TryNumber(text[ranges[6]], out nuint alignment)
            || (TraceText.Resizes(kind)
                && (count < FieldsOfResize
                    || !TryAddress(text[ranges[7]], out newAddress)
                    || !TryNumber(text[ranges[8]], out newSize))))
        {
            return false;
        }

        traceEvent = new TraceEvent
        {
            Kind = kind,
            Nanoseconds = ticks,
            Thread = thread,
            Address = address,
            Size = size,
            Alignment = alignment,
            NewAddress = newAddress,
            NewSize = newSize,
        };
        return true;
    }

    /// <summary>Returns the line of text, without a line feed.</summary>
    public override string ToString()
    {
        TraceEvent copy = this;
        TextBuffer line = new(stackalloc byte[TraceText.MaxLength]);
        TraceText.Append(ref line, &copy);
        return Encoding.ASCII.GetString(line.Text);
    }

    private static IEnumerable<TraceEvent> ReadLines(TextReader text)
    {
        while (text.ReadLine() is string line)
        {
            if (TryParse(line, out TraceEvent traceEvent))
            {
                yield return traceEvent;
            }
        }
    }

    private static TraceEventKind KindOf(ReadOnlySpan<char> name)
    {
        foreach (TraceEventKind kind in Enum.GetValues<TraceEventKind>())
        {
            if (kind != TraceEventKind.None && Ascii.Equals(TraceText.NameOf(kind), name))
            {
                return kind;
            }
        }

        return TraceEventKind.None;
    }

    private static bool TryNumber<T>(ReadOnlySpan<char> text, out T number)
        where T : struct, INumberBase<T> =>
        T.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);

    private static bool TryAddress(ReadOnlySpan<char> text, out nuint address)
    {
        address = 0;
        return text.StartsWith("0x", StringComparison.Ordinal)
            && nuint.TryParse(
                text[2..], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out address);
    }
}
