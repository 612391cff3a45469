using System;

namespace Quarry;

/// <summary>The code that contains an address: an ELF image, or code that a JIT compiled.</summary>
/// <remarks>
/// The headers are read from the mapped image. Nothing in them is trusted: a segment is used only as far as
/// it lies within the image.
/// </remarks>
internal unsafe struct LoadedModule
{
    private const int HeaderBytes = 64, TableOffset = 32, EntryBytesOffset = 54, CountOffset = 56;
    private const uint Magic = 0x464c_457f;
    private const byte Class64 = 2, LittleEndian = 1;

    // Of a note: three words, the name "GNU", zero-terminated, and the data, aligned to 4.
    private const int MaxBuildIdBytes = 64;
    private const uint GnuName = 0x0055_4e47, BuildIdType = 3;

    /// <summary>The first address of the image; of other code, of its mapping.</summary>
    public nuint Start;

    /// <summary>The address behind the image or mapping.</summary>
    public nuint End;

    /// <summary>The first address of the segment or mapping of code.</summary>
    public nuint CodeStart;

    /// <summary>The address behind the segment or mapping of code.</summary>
    public nuint CodeEnd;

    /// <summary>The difference between addresses in memory and in the headers.</summary>
    public nuint LoadBias;

    private ProgramHeader* _headers;
    private int _count;

    /// <summary>Gets a value that indicates whether the code is that of an ELF image.</summary>
    internal readonly bool IsElf => _headers != null;

    /// <summary>Returns code outside of ELF images.</summary>
    internal static LoadedModule OfMapping(nuint start, nuint end) =>
        new() { Start = start, End = end, CodeStart = start, CodeEnd = end };

    /// <summary>Reads the headers of an image.</summary>
    /// <param name="start">The first address of the image; its page must be readable.</param>
    /// <param name="end">The address behind the image; 0 if only the headers contain it.</param>
    /// <param name="address">The address in code.</param>
    /// <param name="module">The image.</param>
    /// <returns>False if there is no image, or the address is not in its code.</returns>
    internal static bool TryRead(nuint start, nuint end, nuint address, out LoadedModule module)
    {
        module = default;
        byte* header = (byte*)start;
        if (*(uint*)header != Magic || header[4] != Class64 || header[5] != LittleEndian)
        {
            return false;
        }

        ulong offset = *(ulong*)(header + TableOffset);
        int count = *(ushort*)(header + CountOffset);
        if (*(ushort*)(header + EntryBytesOffset) != sizeof(ProgramHeader) || offset < HeaderBytes
            || offset > Os.PageSize || (ulong)(count * sizeof(ProgramHeader)) > Os.PageSize - offset)
        {
            return false;
        }

        module._headers = (ProgramHeader*)(header + offset);
        module._count = count;
        module.Start = start;
        module.SetExtent(end);
        const uint Code = ProgramHeader.Readable | ProgramHeader.Executable;
        return module.TryFindSegment(address, Code, out module.CodeStart, out module.CodeEnd);
    }

    /// <summary>Finds the table of unwind information.</summary>
    internal readonly bool TryFindTable(out EhFrameTable table)
    {
        bool found = TryFindTableSegment(out nuint header, out nuint start, out nuint end);
        table = new EhFrameTable((byte*)header, (byte*)start, (byte*)end);
        return found;
    }

    /// <summary>Finds the header of the table, and the segment that contains it.</summary>
    internal readonly bool TryFindTableSegment(out nuint address, out nuint start, out nuint end)
    {
        ProgramHeader* header = Find(ProgramHeader.EhFrameHeader, _headers);
        address = header == null ? 0 : LoadBias + (nuint)header->Address;
        return TryFindSegment(address, ProgramHeader.Readable, out start, out end);
    }

    /// <summary>Finds the segment that contains an address.</summary>
    /// <param name="address">The address.</param>
    /// <param name="flags">The flags that the segment must have.</param>
    /// <param name="start">The first address of the segment.</param>
    /// <param name="end">The address behind the part of the segment that the file contains.</param>
    internal readonly bool TryFindSegment(nuint address, uint flags, out nuint start, out nuint end)
    {
        ProgramHeader* header = Find(ProgramHeader.Load, _headers);
        for (; header != null; header = Find(ProgramHeader.Load, header + 1))
        {
            start = LoadBias + (nuint)header->Address;
            end = start + (nuint)header->FileSize;
            if ((header->Flags & flags) == flags && address >= start && address < end
                && start >= Start && end <= End)
            {
                return true;
            }
        }

        start = end = 0;
        return false;
    }

    /// <summary>Returns the build ID; empty if the image has none.</summary>
    internal readonly ReadOnlySpan<byte> FindBuildId()
    {
        ProgramHeader* header = Find(ProgramHeader.Note, _headers);
        for (; header != null; header = Find(ProgramHeader.Note, header + 1))
        {
            nuint start = LoadBias + (nuint)header->Address;
            if (TryFindSegment(start, ProgramHeader.Readable, out _, out nuint end))
            {
                nuint size = (nuint)header->FileSize;
                end = size < end - start ? start + size : end;
                TableReader notes = new((byte*)start, (byte*)end);
                ReadOnlySpan<byte> found = FindBuildId(notes, header->Alignment == 8 ? 8u : 4u);
                if (found.Length > 0)
                {
                    return found;
                }
            }
        }

        return default;
    }

    /// <summary>Finds the dynamic section, pairs of a tag and a value; null if the image has none.</summary>
    internal readonly nuint* FindDynamicSection()
    {
        ProgramHeader* header = Find(ProgramHeader.Dynamic, _headers);
        nuint section = header == null ? 0 : LoadBias + (nuint)header->Address;
        return TryFindSegment(section, ProgramHeader.Readable, out _, out _) ? (nuint*)section : null;
    }

    /// <summary>
    /// Determines whether the loader makes an address read-only when it has relocated the image.
    /// </summary>
    internal readonly bool IsReadOnlyOnceRelocated(nuint address)
    {
        ProgramHeader* header = Find(ProgramHeader.RelocatedReadOnly, _headers);
        return header != null
            && address - (LoadBias + (nuint)header->Address) < (nuint)header->MemorySize;
    }

    private static ReadOnlySpan<byte> FindBuildId(TableReader notes, uint alignment)
    {
        while (!notes.IsAtEnd)
        {
            uint nameBytes = notes.ReadUInt32(), dataBytes = notes.ReadUInt32(), type = notes.ReadUInt32();
            byte* name = notes.At;
            notes.Skip(((ulong)nameBytes + 3) & ~3UL);
            byte* data = notes.At;
            notes.Skip(dataBytes);
            if (!notes.Failed && type == BuildIdType && nameBytes == sizeof(uint) && *(uint*)name == GnuName
                && dataBytes <= MaxBuildIdBytes)
            {
                return new ReadOnlySpan<byte>(data, (int)dataBytes);
            }

            notes.Skip((0u - dataBytes) & (alignment - 1));
        }

        return default;
    }

    // The first segment begins at the start of the image, the last one ends at its end.
    private void SetExtent(nuint end)
    {
        ProgramHeader* header = Find(ProgramHeader.Load, _headers);
        LoadBias = header == null ? Start : Start - Layout.AlignDown((nuint)header->Address, Os.PageSize);
        End = end;
        for (; end == 0 && header != null; header = Find(ProgramHeader.Load, header + 1))
        {
            nuint last = LoadBias + (nuint)header->Address + (nuint)header->MemorySize;
            End = last > End ? last : End;
        }
    }

    private readonly ProgramHeader* Find(uint type, ProgramHeader* from)
    {
        for (; from < _headers + _count; from++)
        {
            if (from->Type == type)
            {
                return from;
            }
        }

        return null;
    }
}
