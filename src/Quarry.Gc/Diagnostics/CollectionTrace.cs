using System;

namespace Quarry.Gc;

/// <summary>Writes a line for each collection, if <c>DOTNET_QuarryGCTrace</c> requests it.</summary>
internal static unsafe class CollectionTrace
{
    private const ulong NanosecondsInMicrosecond = 1000;

    /// <summary>Writes the line of a collection. Threads are suspended meanwhile.</summary>
    internal static void Write(CollectionRecord* record)
    {
        TextBuffer text = new(stackalloc byte[512]);
        text.Append("quarry: collection "u8);
        text.Append(record->Index);
        text.Append(" of generation "u8);
        text.Append((nuint)record->Generation);
        AppendTime(ref text, ": pause "u8, record->Start, record->Start + record->Pause);
        AppendTime(ref text, " (suspension "u8, record->Start, record->Suspended);
        AppendTime(ref text, ", stacks "u8, 0, record->Stacks);
        AppendTime(ref text, ", handles "u8, 0, record->Handles);
        ulong scanned = record->Suspended + record->Stacks + record->Handles;
        AppendTime(ref text, ", mark "u8, scanned, record->Marked);
        AppendTime(ref text, ", sweep "u8, record->Marked, record->Swept);
        text.Append("); visited "u8);
        text.Append(record->HandlesVisited);
        text.Append(" handles"u8);
        AppendSize(ref text, "; allocated "u8, record->YoungBefore);
        text.Append(" from "u8);
        text.Append(record->HolesTaken);
        text.Append(" holes in "u8);
        text.Append(record->Requests);
        text.Append(" requests"u8);
        AppendSize(ref text, ", survived "u8, record->Promoted);
        AppendSize(ref text, ", live "u8, record->LiveAfter);
        AppendSize(ref text, ", holes "u8, record->FreeAfter);
        AppendSize(ref text, ", committed "u8, record->Committed);
        text.Append((byte)'\n');
        StandardError.Write(ref text);
    }

    /// <summary>Writes the line of a sweep outside a pause.</summary>
    internal static void WriteSweep(LazySweepRecord* record)
    {
        TextBuffer text = new(stackalloc byte[512]);
        text.Append("quarry: sweep after collection "u8);
        text.Append(record->Collection);
        AppendTime(ref text, ": "u8, 0, record->Time);
        text.Append(" in "u8);
        text.Append(record->Pieces);
        text.Append(" pieces"u8);
        AppendSize(ref text, "; holes "u8, record->Free);
        AppendSize(ref text, ", committed "u8, record->Committed);
        text.Append((byte)'\n');
        StandardError.Write(ref text);
    }

    /// <summary>Writes the line of a mark outside a pause.</summary>
    internal static void WriteMark(nuint collection, ulong time, nuint bytes, bool complete)
    {
        TextBuffer text = new(stackalloc byte[512]);
        text.Append("quarry: mark before collection "u8);
        text.Append(collection);
        AppendTime(ref text, ": "u8, 0, time);
        AppendSize(ref text, ", marked "u8, bytes);
        text.Append(complete ? ", complete\n"u8 : ", incomplete\n"u8);
        StandardError.Write(ref text);
    }

    private static void AppendTime(ref TextBuffer text, ReadOnlySpan<byte> name, ulong from, ulong to)
    {
        text.Append(name);
        text.Append((nuint)((to - from) / NanosecondsInMicrosecond));
        text.Append(" us"u8);
    }

    private static void AppendSize(ref TextBuffer text, ReadOnlySpan<byte> name, nuint bytes)
    {
        text.Append(name);
        text.Append(bytes >> 10);
        text.Append(" KiB"u8);
    }
}
