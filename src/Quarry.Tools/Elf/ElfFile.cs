using System;
using System.Buffers.Binary;
using System.IO;

namespace Quarry.Tools.Elf;

/// <summary>What the head of an executable or library says of it.</summary>
internal sealed record ElfFile(bool IsNative, bool HasInterpreter)
{
    private const int HeaderSize = 64;
    private const int ProgramHeaderSize = 56;
    private const ushort MachineX64 = 62;
    private const uint TypeInterpreter = 3;

    /// <summary>Reads a file; null when it is not ELF or cannot be read.</summary>
    /// <remarks>
    /// <see cref="IsNative"/>: 64-bit, x86-64. <see cref="HasInterpreter"/>: a dynamic loader starts it,
    /// which is who honours LD_PRELOAD; a static program has none.
    /// </remarks>
    internal static ElfFile? Read(string path)
    {
        try
        {
            using FileStream file = File.OpenRead(path);
            Span<byte> header = stackalloc byte[HeaderSize];
            if (file.ReadAtLeast(header, HeaderSize, throwOnEndOfStream: false) < HeaderSize ||
                !header.StartsWith("\u007fELF"u8))
            {
                return null;
            }

            const byte sixtyFourBit = 2;
            ushort machine = BinaryPrimitives.ReadUInt16LittleEndian(header[18..]);
            return header[4] == sixtyFourBit && machine == MachineX64
                ? new ElfFile(IsNative: true, FindInterpreter(file, header))
                : new ElfFile(IsNative: false, HasInterpreter: false);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static bool FindInterpreter(FileStream file, ReadOnlySpan<byte> header)
    {
        file.Position = BinaryPrimitives.ReadInt64LittleEndian(header[32..]);
        int count = BinaryPrimitives.ReadUInt16LittleEndian(header[56..]);
        Span<byte> programHeader = stackalloc byte[ProgramHeaderSize];
        for (int i = 0; i < count; i++)
        {
            int read = file.ReadAtLeast(programHeader, ProgramHeaderSize, throwOnEndOfStream: false);
            if (read < ProgramHeaderSize)
            {
                return false;
            }

            if (BinaryPrimitives.ReadUInt32LittleEndian(programHeader) == TypeInterpreter)
            {
                return true;
            }
        }

        return false;
    }
}
