namespace Quarry;

/// <summary>Finds the entry of a function in <c>.eh_frame</c>, by the sorted table of its header.</summary>
/// <param name="header">The first byte of <c>.eh_frame_hdr</c>.</param>
/// <param name="start">The first byte of the segment that contains the header and the entries.</param>
/// <param name="end">The address behind that segment.</param>
internal readonly unsafe struct EhFrameTable(byte* header, byte* start, byte* end)
{
    // A linker writes no other table: pairs of 32-bit numbers relative to the header.
    private const byte SortedPairs = 0x3b;
    private const int Version = 1;
    private const nuint PairBytes = 8;

    // A length from here on announces the 64-bit format, which no toolchain uses.
    private const uint LongFormat = 0xffff_fff0;

    /// <summary>Finds the entry of the function that contains an address.</summary>
    /// <param name="address">The address.</param>
    /// <param name="entry">The entry.</param>
    /// <returns>False if no function contains the address, or the table is damaged.</returns>
    internal bool TryFind(nuint address, out FrameEntry entry)
    {
        entry = default;
        TableReader reader = new(header, end);
        bool known = reader.ReadByte() == Version;
        byte frameEncoding = reader.ReadByte(), countEncoding = reader.ReadByte();
        known &= reader.ReadByte() == SortedPairs;
        _ = reader.ReadPointer(frameEncoding, header);
        nuint count = reader.ReadPointer(countEncoding, header);
        nint wanted = (nint)(address - (nuint)header);
        if (!known || reader.Failed || wanted != (int)wanted
            || count > (nuint)(reader.End - reader.At) / PairBytes)
        {
            return false;
        }

        int* pairs = (int*)reader.At;
        nuint low = 0, high = count;
        while (low < high)
        {
            nuint middle = low + ((high - low) / 2);
            if (pairs[2 * middle] <= wanted)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        // The last function that begins at or before the address.
        return low > 0
            && TryRead(header + pairs[(2 * (low - 1)) + 1], out entry)
            && address - entry.Start < entry.Length;
    }

    /// <summary>Limits a reader to the entry at its position, whose length it reads.</summary>
    /// <returns>False if there is no entry.</returns>
    internal static bool TryLimitToEntry(ref TableReader reader)
    {
        uint length = reader.ReadUInt32();
        if (reader.Failed || length == 0 || length >= LongFormat || length > (ulong)(reader.End - reader.At))
        {
            return false;
        }

        reader.End = reader.At + length;
        return true;
    }

    private bool TryRead(byte* at, out FrameEntry entry)
    {
        entry = default;
        if (at < start || at >= end)
        {
            return false;
        }

        TableReader reader = new(at, end);
        if (!TryLimitToEntry(ref reader))
        {
            return false;
        }

        // The common entry is before the function's, at a distance from the field.
        byte* field = reader.At;
        uint distance = reader.ReadUInt32();
        if (reader.Failed || distance > (ulong)(field - start)
            || !CommonEntry.TryRead(new TableReader(field - distance, end), out entry.Common))
        {
            return false;
        }

        byte encoding = entry.Common.PointerEncoding;
        entry.Start = reader.ReadPointer(encoding, header);
        entry.Length = (nuint)reader.ReadValue(encoding);
        if (entry.Common.HasAugmentation)
        {
            reader.Skip(reader.ReadUnsigned());
        }

        entry.Program = reader;
        return !reader.Failed;
    }
}
