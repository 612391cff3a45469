using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;
using ELFSharp.ELF;
using ELFSharp.ELF.Sections;
using ELFSharp.ELF.Segments;
using Microsoft.Win32.SafeHandles;

namespace Quarry.Tools.Elf;

/// <summary>A 64-bit ELF file: the parts by which code addresses are named.</summary>
/// <remarks>Files come from anywhere, so every read is bounded, and a broken part counts as absent.</remarks>
internal sealed class ElfImage : IDisposable
{
    private const uint GnuBuildId = 3;
    private const uint SegmentOfFrameHeader = 0x6474e550;

    private readonly ELF<ulong> _elf;
    private readonly SafeFileHandle _file;
    private readonly Segment<ulong>[] _segments;

    private ElfImage(string path, ELF<ulong> elf, SafeFileHandle file)
    {
        FilePath = path;
        _elf = elf;
        _file = file;
        _segments = [.. elf.Segments];
    }

    internal string FilePath { get; }

    /// <summary>Gets a value that indicates whether the file has DWARF information.</summary>
    internal bool HasDebugInformation => HasContents(".debug_info") || HasContents(".zdebug_info");

    /// <summary>Gets a value that indicates whether the file has its full symbol table.</summary>
    internal bool HasSymbols => HasContents(".symtab");

    /// <summary>Gets a value that indicates whether addresses are relative to where it is loaded.</summary>
    internal bool IsRelocatable => _elf.Type == FileType.SharedObject;

    /// <summary>Opens a file; null if it is not a 64-bit ELF file or cannot be read.</summary>
    internal static ElfImage? TryOpen(string path)
    {
        SafeFileHandle? file = null;
        try
        {
            // The path of a process may name a device or a pipe, which would never end.
            if (!System.IO.File.Exists(path) || !IsRegular(path))
            {
                return null;
            }

            file = System.IO.File.OpenHandle(path);
            if (ELFReader.TryLoad(path, out IELF elf) && elf is ELF<ulong> wide)
            {
                return new ElfImage(path, wide, file);
            }
        }
        catch (Exception)
        {
            // ELFSharp throws whatever follows from offsets and sizes that make no sense: the file counts as
            // absent then.
        }

        file?.Dispose();
        return null;
    }

    /// <summary>Gets the build ID, in lowercase hexadecimal; empty if there is none.</summary>
    internal string BuildId()
    {
        foreach (INoteSegment notes in _segments.OfType<INoteSegment>())
        {
            foreach (INoteData note in Guard(() => notes.Notes.ToArray()) ?? [])
            {
                if (note.Type == GnuBuildId && note.Name.TrimEnd('\0') == "GNU")
                {
                    return Convert.ToHexStringLower([.. note.Description]);
                }
            }
        }

        return "";
    }

    /// <summary>Gets the name of the debug file that the file refers to; null if there is none.</summary>
    internal string? DebugLink()
    {
        byte[] contents = Contents(".gnu_debuglink");
        int end = Array.IndexOf(contents, (byte)0);
        return end > 0 ? Encoding.UTF8.GetString(contents.AsSpan(0, end)) : null;
    }

    /// <summary>Gets the entries of a symbol table; empty if there is none.</summary>
    internal IEnumerable<SymbolEntry<ulong>> Symbols(string section) =>
        Guard(() => _elf.TryGetSection(section, out Section<ulong> found) &&
            found is SymbolTable<ulong> table && found.Type != SectionType.NoBits
            ? table.Entries.ToArray()
            : null) ?? [];

    /// <summary>Gets the address and size of the search table of frame descriptions.</summary>
    internal (ulong Address, ulong Size)? FrameHeader() =>
        Array.Find(_segments, s => (uint)s.Type == SegmentOfFrameHeader) is { } segment
            ? (segment.Address, segment.Size)
            : null;

    /// <summary>Reads the bytes that the file maps at an address; false if it does not map all.</summary>
    internal bool Read(ulong address, Span<byte> bytes)
    {
        foreach (Segment<ulong> segment in _segments)
        {
            if (segment is { Type: SegmentType.Load, Offset: >= 0, FileSize: >= 0 } &&
                address >= segment.Address &&
                address - segment.Address <= (ulong)segment.FileSize &&
                (ulong)bytes.Length <= (ulong)segment.FileSize - (address - segment.Address))
            {
                long offset = segment.Offset + (long)(address - segment.Address);
                return offset >= 0 && RandomAccess.Read(_file, bytes, offset) == bytes.Length;
            }
        }

        return false;
    }

    internal int? ReadInt32(ulong address)
    {
        Span<byte> bytes = stackalloc byte[sizeof(int)];
        return Read(address, bytes) ? BinaryPrimitives.ReadInt32LittleEndian(bytes) : null;
    }

    public void Dispose()
    {
        _elf.Dispose();
        _file.Dispose();
    }

    private bool HasContents(string name) =>
        _elf.TryGetSection(name, out Section<ulong> section) && section.Type != SectionType.NoBits;

    private byte[] Contents(string name) =>
        Guard(() => HasContents(name) ? _elf.GetSection(name).GetContents() : null) ?? [];

    private static T? Guard<T>(Func<T?> read)
        where T : class
    {
        try
        {
            return read();
        }
        catch (Exception)
        {
            // As in TryOpen.
            return null;
        }
    }

    private static bool IsRegular(string path) =>
        (System.IO.File.GetAttributes(path) & (FileAttributes.Device | FileAttributes.Directory)) == 0;
}
