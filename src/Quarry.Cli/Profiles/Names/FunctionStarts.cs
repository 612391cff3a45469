using System;
using System.Buffers.Binary;
using Quarry.Tools.Elf;

namespace Quarry.Cli.Profiles.Names;

/// <summary>
/// The functions of an ELF file by its frame descriptions, which stripped files have as well: the sorted
/// table of <c>.eh_frame_hdr</c>.
/// </summary>
internal sealed class FunctionStarts
{
    private const int HeaderSize = 12;
    private const int EntrySize = 8;

    // DW_EH_PE_datarel | DW_EH_PE_sdata4: the one that all linkers write.
    private const byte RelativeToHeader = 0x3b;

    private readonly ElfImage _image;
    private readonly ulong _header;
    private readonly byte[] _table;

    private FunctionStarts(ElfImage image, ulong header, byte[] table)
    {
        _image = image;
        _header = header;
        _table = table;
    }

    private int Count => _table.Length / EntrySize;

    /// <summary>Reads the table; it is empty if the file has none that is sorted.</summary>
    internal static FunctionStarts Read(ElfImage image)
    {
        const int MaximumBytes = 256 << 20;
        byte[] header = new byte[HeaderSize];
        if (image.FrameHeader() is (ulong address, ulong size) && size is > HeaderSize and < MaximumBytes &&
            image.Read(address, header) && header[0] == 1 && header[3] == RelativeToHeader)
        {
            uint count = BinaryPrimitives.ReadUInt32LittleEndian(header.AsSpan(8));
            if (count <= (size - HeaderSize) / EntrySize)
            {
                byte[] table = new byte[count * EntrySize];
                if (image.Read(address + HeaderSize, table))
                {
                    return new FunctionStarts(image, address, table);
                }
            }
        }

        return new FunctionStarts(image, 0, []);
    }

    /// <summary>Finds the start of the function that contains an address; null if it is unknown.</summary>
    internal ulong? Find(ulong address)
    {
        int low = 0;
        int high = Count;
        while (low < high)
        {
            int middle = (low + high) / 2;
            if (Entry(middle, 0) <= address)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        if (low == 0)
        {
            return null;
        }

        ulong start = Entry(low - 1, 0);
        return Size(Entry(low - 1, sizeof(int)), start) is { } size && address - start >= size ? null : start;
    }

    /// <summary>
    /// Gets the size of a function from its description; null if that is encoded in an unusual way.
    /// </summary>
    private ulong? Size(ulong description, ulong start)
    {
        // Length, pointer to the common part, start relative to itself, size: 4 bytes each.
        ulong startField = description + 8;
        return _image.ReadInt32(startField) is { } relative && startField + (ulong)(long)relative == start &&
            _image.ReadInt32(startField + 4) is { } size
            ? (uint)size
            : null;
    }

    private ulong Entry(int index, int field) => _header +
        (ulong)(long)BinaryPrimitives.ReadInt32LittleEndian(_table.AsSpan((index * EntrySize) + field));
}
