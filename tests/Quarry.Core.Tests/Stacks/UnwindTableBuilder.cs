using System.Buffers.Binary;
using System.Collections.Generic;
using System.Linq;
using System.Text;

namespace Quarry.Core.Tests;

/// <summary>Builds <c>.eh_frame_hdr</c> and <c>.eh_frame</c> as a linker does.</summary>
internal sealed class UnwindTableBuilder
{
    private const int RelativeSigned4 = 0x1b, Unsigned4 = 0x03, SortedPairs = 0x3b;

    private readonly List<(int Start, int Length, byte[] Program, string Augmentation)> _functions = [];

    /// <summary>The usual first row: the CFA is rsp + 8, and the return address below it.</summary>
    internal byte[] CommonProgram { get; init; } = [0x0c, 7, 8, 0x90, 1];

    /// <summary>Adds a function, at a distance from the header.</summary>
    internal UnwindTableBuilder Add(int start, int length, byte[] program, string augmentation = "zR")
    {
        _functions.Add((start, length, program, augmentation));
        return this;
    }

    /// <summary>Returns the bytes, which are independent of where they are.</summary>
    internal byte[] Build()
    {
        int headerBytes = 12 + (8 * _functions.Count);
        List<byte> frames = [];
        List<(int Start, int Entry)> pairs = [];
        foreach ((int start, int length, byte[] program, string augmentation) in _functions)
        {
            int common = frames.Count;
            AddEntry(frames, [.. Word(0), .. Common(augmentation)]);
            int entry = frames.Count, field = entry + 4;
            int fromHere = start - (headerBytes + field + 4);
            pairs.Add((start, headerBytes + entry));
            AddEntry(frames, [.. Word(field - common), .. Word(fromHere), .. Word(length), 0, .. program]);
        }

        byte[] header =
            [1, RelativeSigned4, Unsigned4, SortedPairs, .. Word(headerBytes - 4), .. Word(pairs.Count)];
        IEnumerable<byte> table = pairs.OrderBy(pair => pair.Start)
            .SelectMany(pair => Word(pair.Start).Concat(Word(pair.Entry)));
        return [.. header, .. table, .. frames, 0, 0, 0, 0];
    }

    // Version, augmentation, code alignment 1, data alignment -8, return address in column 16, encoding.
    private byte[] Common(string augmentation) =>
        [1, .. Encoding.ASCII.GetBytes(augmentation), 0, 1, 0x78, 16, 1, RelativeSigned4, .. CommonProgram];

    private static void AddEntry(List<byte> frames, byte[] contents)
    {
        int padding = -(contents.Length + 4) & 7;
        frames.AddRange(Word(contents.Length + padding));
        frames.AddRange(contents);
        frames.AddRange(Enumerable.Repeat((byte)0, padding));
    }

    private static byte[] Word(int value)
    {
        byte[] bytes = new byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, value);
        return bytes;
    }
}
