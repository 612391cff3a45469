namespace Quarry;

/// <summary>
/// A common information entry (CIE) of <c>.eh_frame</c>: what the frames of many functions share.
/// </summary>
internal unsafe struct CommonEntry
{
    /// <summary>The factor of advances of the location.</summary>
    public ulong CodeAlignment;

    /// <summary>The factor of offsets from the CFA.</summary>
    public long DataAlignment;

    /// <summary>The number of the column that holds the return address.</summary>
    public ulong ReturnRegister;

    /// <summary>The encoding of the functions' addresses.</summary>
    public byte PointerEncoding;

    /// <summary>Whether the frames were created by the kernel, for signal handlers.</summary>
    public bool IsSignalFrame;

    /// <summary>Whether entries of functions have augmentation data.</summary>
    public bool HasAugmentation;

    /// <summary>The instructions that precede those of each function.</summary>
    public TableReader Program;

    /// <summary>Reads an entry.</summary>
    /// <param name="reader">A reader at its first byte, which ends with the segment.</param>
    /// <param name="entry">The entry.</param>
    /// <returns>False if it is damaged or of an unknown version.</returns>
    internal static bool TryRead(TableReader reader, out CommonEntry entry)
    {
        entry = default;
        if (!EhFrameTable.TryLimitToEntry(ref reader) || reader.ReadUInt32() != 0)
        {
            return false;
        }

        byte version = reader.ReadByte();
        byte* augmentation = reader.At;
        while (reader.ReadByte() != 0)
        {
        }

        entry.CodeAlignment = reader.ReadUnsigned();
        entry.DataAlignment = reader.ReadSigned();
        entry.ReturnRegister = version == 1 ? reader.ReadByte() : reader.ReadUnsigned();
        if (reader.Failed || (version != 1 && version != 3))
        {
            return false;
        }

        entry.HasAugmentation = *augmentation == 'z';
        if (entry.HasAugmentation)
        {
            ulong length = reader.ReadUnsigned();
            TableReader data = reader;
            reader.Skip(length);
            data.End = reader.At;
            entry.ReadAugmentation(augmentation + 1, ref data);
            reader.Failed |= data.Failed;
        }
        else if (*augmentation != 0)
        {
            return false;
        }

        entry.Program = reader;
        return !reader.Failed;
    }

    // The string is terminated before the end of the entry, as TryRead has found its end.
    private void ReadAugmentation(byte* letters, ref TableReader data)
    {
        for (; *letters != 0 && !data.Failed; letters++)
        {
            switch (*letters)
            {
                case (byte)'R':
                    PointerEncoding = data.ReadByte();
                    break;
                case (byte)'P':
                    _ = data.ReadValue(data.ReadByte());
                    break;
                case (byte)'L':
                    _ = data.ReadByte();
                    break;
                case (byte)'S':
                    IsSignalFrame = true;
                    break;
                case (byte)'B':
                    break;
                default:
                    // The length of the data of an unknown letter is unknown.
                    data.Failed = true;
                    break;
            }
        }
    }
}
