using System;
using System.Buffers.Binary;
using System.Linq;

namespace Quarry.Core.Tests;

/// <summary>An ELF image in memory: a page of headers, one of unwind tables, and one of code.</summary>
internal sealed unsafe class SyntheticModule : IDisposable
{
    private const uint Code = ProgramHeader.Readable | ProgramHeader.Executable;
    private const int Page = 4096, NoteOffset = 512;
    private readonly GuardedMemory _memory = new(3 * Page);

    /// <summary>Creates an image whose functions begin at multiples of 64 in the page of code.</summary>
    internal SyntheticModule(byte buildId, params byte[][] programs)
    {
        UnwindTableBuilder builder = new();
        for (int index = 0; index < programs.Length; index++)
        {
            builder.Add(Page + (64 * index), 64, programs[index]);
        }

        byte[] table = builder.Build();
        table.CopyTo(new Span<byte>(Start + Page, Page));
        WriteHeaders();
        byte[] note = [4, 0, 0, 0, 20, 0, 0, 0, 3, 0, 0, 0, .. "GNU\0"u8, .. Enumerable.Repeat(buildId, 20)];
        note.CopyTo(new Span<byte>(Start + NoteOffset, note.Length));
        new Span<byte>(Start + (2 * Page), Page).Fill(buildId);
    }

    internal byte* Start => _memory.Start;

    internal byte* End => _memory.End;

    /// <summary>Returns a return address into a function.</summary>
    internal nuint Address(int function, int offset = 32) =>
        (nuint)(Start + (2 * Page) + (64 * function) + offset);

    public void Dispose() => _memory.Dispose();

    private void WriteHeaders()
    {
        Span<byte> header = new(Start, Page);
        "\u007fELF"u8.CopyTo(header);
        header[4] = 2;
        header[5] = 1;
        BinaryPrimitives.WriteUInt64LittleEndian(header[32..], 64);
        BinaryPrimitives.WriteUInt16LittleEndian(header[54..], 56);
        BinaryPrimitives.WriteUInt16LittleEndian(header[56..], 4);
        Write(header[64..], ProgramHeader.Load, ProgramHeader.Readable, 0, 2 * Page, 4096);
        Write(header[120..], ProgramHeader.Load, Code, 2 * Page, Page, 4096);
        Write(header[176..], ProgramHeader.EhFrameHeader, ProgramHeader.Readable, Page, 12, 4);
        Write(header[232..], ProgramHeader.Note, ProgramHeader.Readable, NoteOffset, 36, 4);
    }

    private static void Write(
        Span<byte> header, uint type, uint flags, int address, int size, ulong alignment)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(header, type);
        BinaryPrimitives.WriteUInt32LittleEndian(header[4..], flags);
        foreach (int field in new[] { 8, 16, 24 })
        {
            BinaryPrimitives.WriteUInt64LittleEndian(header[field..], (ulong)address);
        }

        foreach (int field in new[] { 32, 40 })
        {
            BinaryPrimitives.WriteUInt64LittleEndian(header[field..], (ulong)size);
        }

        BinaryPrimitives.WriteUInt64LittleEndian(header[48..], alignment);
    }
}
