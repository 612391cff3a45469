using System;

namespace ArenaParser;

/// <summary>A text that lies in the arena.</summary>
internal readonly unsafe struct Utf8Text(byte* start, int length)
{
    public ReadOnlySpan<byte> Bytes => new(start, length);
}
