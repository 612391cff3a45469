namespace Quarry;

/// <summary>Reads the values of unwind tables, within given bounds.</summary>
/// <remarks>A read beyond the bounds returns 0 and sets <see cref="Failed"/>, which stays set.</remarks>
/// <param name="at">The first byte.</param>
/// <param name="end">The address behind the last byte.</param>
internal unsafe struct TableReader(byte* at, byte* end)
{
    /// <summary>The encoding of a pointer that is absent.</summary>
    internal const byte Omitted = 0xff;

    // The lower half of an encoding is the format, the upper half what the value is relative to.
    private const int FormatMask = 0x0f, BaseMask = 0x70, Indirect = 0x80;
    private const int FromHere = 0x10, FromTable = 0x30;
    private const int BitsPerByte = 7, MoreBytes = 0x80, SignBit = 0x40;

    /// <summary>The next byte.</summary>
    public byte* At = at;

    /// <summary>The address behind the last byte.</summary>
    public byte* End = end;

    /// <summary>Whether a read was beyond the bounds, or a value has an unknown form.</summary>
    public bool Failed;

    internal readonly bool IsAtEnd => At >= End || Failed;

    internal byte ReadByte() => Take(1) ? At[-1] : (byte)0;

    internal ushort ReadUInt16() => Take(2) ? *(ushort*)(At - 2) : (ushort)0;

    internal uint ReadUInt32() => Take(4) ? *(uint*)(At - 4) : 0;

    internal ulong ReadUInt64() => Take(8) ? *(ulong*)(At - 8) : 0;

    /// <summary>Reads a number in the variable-length encoding LEB128; bits beyond 64 are dropped.</summary>
    internal ulong ReadUnsigned() => ReadVariable(out _, out _);

    /// <summary>Reads a signed number in the variable-length encoding LEB128.</summary>
    internal long ReadSigned()
    {
        ulong value = ReadVariable(out int bits, out byte last);
        return bits < 64 && (last & SignBit) != 0 ? (long)(value | (ulong.MaxValue << bits)) : (long)value;
    }

    /// <summary>Skips bytes.</summary>
    internal void Skip(ulong count) => _ = Take(count);

    /// <summary>Reads a pointer.</summary>
    /// <param name="encoding">The <c>DW_EH_PE</c> encoding.</param>
    /// <param name="table">The address of the table, to which values can be relative.</param>
    internal nuint ReadPointer(byte encoding, byte* table)
    {
        if (encoding == Omitted)
        {
            return 0;
        }

        byte* here = At;
        ulong value = ReadValue(encoding);
        Failed |= (encoding & Indirect) != 0;
        return (encoding & BaseMask) switch
        {
            0 => (nuint)value,
            FromHere => value == 0 ? 0 : (nuint)here + (nuint)value,
            FromTable => value == 0 ? 0 : (nuint)table + (nuint)value,
            _ => Fail(),
        };
    }

    /// <summary>Reads a value in the format of a pointer encoding, relative to nothing.</summary>
    internal ulong ReadValue(byte encoding) => (encoding & FormatMask) switch
    {
        0x0 or 0x4 or 0xc => ReadUInt64(),
        0x1 => ReadUnsigned(),
        0x2 => ReadUInt16(),
        0x3 => ReadUInt32(),
        0x9 => (ulong)ReadSigned(),
        0xa => (ulong)(short)ReadUInt16(),
        0xb => (ulong)(int)ReadUInt32(),
        _ => Fail(),
    };

    private ulong ReadVariable(out int bits, out byte last)
    {
        ulong value = 0;
        bits = 0;
        do
        {
            last = ReadByte();
            value |= bits < 64 ? (ulong)(last & ~MoreBytes) << bits : 0;
            bits = bits < 64 ? bits + BitsPerByte : bits;
        }
        while ((last & MoreBytes) != 0);

        return value;
    }

    private bool Take(ulong count)
    {
        if (Failed || (ulong)(End - At) < count)
        {
            Failed = true;
            return false;
        }

        At += count;
        return true;
    }

    private nuint Fail()
    {
        Failed = true;
        return 0;
    }
}
