using System;
using Xunit;

namespace Quarry.Core.Tests;

/// <summary>The search in the header's table, and damaged tables.</summary>
public sealed unsafe class EhFrameTableTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(7)]
    [InlineData(100)]
    public void Finds_the_function_of_each_address(int count)
    {
        UnwindTableBuilder builder = new();
        for (int index = count - 1; index >= 0; index--)
        {
            builder.Add(Start(index), 16, [0x0e, (byte)(8 + (8 * (index % 10)))]);
        }

        byte[] table = builder.Build();
        using GuardedMemory memory = new(table.Length);
        byte* header = memory.PlaceAtEnd(table);
        EhFrameTable frames = new(header, header, memory.End);
        for (int index = 0; index < count; index++)
        {
            nuint start = (nuint)(header + Start(index));
            foreach (nuint inside in new[] { start, start + 1, start + 15 })
            {
                Assert.True(frames.TryFind(inside, out FrameEntry entry));
                Assert.Equal((start, (nuint)16), (entry.Start, entry.Length));
                Assert.True(CfaProgram.TryRun(entry, inside, out CfaRow row));
                Assert.Equal(8 + (8 * (index % 10)), row.CfaOffset);
            }

            Assert.False(frames.TryFind(start - 1, out _));
            Assert.False(frames.TryFind(start + 16, out _));
        }

        Assert.False(frames.TryFind(0, out _));
        Assert.False(frames.TryFind(nuint.MaxValue, out _));
    }

    [Theory]
    [InlineData("version", 0, 2)]
    [InlineData("encoding of the pairs", 3, 0x1b)]
    [InlineData("count", 11, 0x7f)]
    [InlineData("length of the common entry", 23, 0x7f)]
    [InlineData("version of the common entry", 28, 9)]
    [InlineData("augmentation", 29, (byte)'e')]
    [InlineData("letter of the augmentation", 30, (byte)'?')]
    public void Damaged_table_has_no_function(string what, int offset, byte value)
    {
        byte[] table = new UnwindTableBuilder().Add(0x1000, 16, []).Build();
        using GuardedMemory memory = new(table.Length);
        byte* header = memory.PlaceAtEnd(table);
        EhFrameTable frames = new(header, header, memory.End);
        Assert.True(frames.TryFind((nuint)header + 0x1000, out _));
        header[offset] = value;
        Assert.False(frames.TryFind((nuint)header + 0x1000, out _), what);
    }

    [Fact]
    public void Signal_frames_are_marked()
    {
        byte[] table = new UnwindTableBuilder().Add(0x1000, 16, []).Add(0x2000, 16, [], "zRS").Build();
        using GuardedMemory memory = new(table.Length);
        byte* header = memory.PlaceAtEnd(table);
        EhFrameTable frames = new(header, header, memory.End);
        Assert.True(frames.TryFind((nuint)header + 0x1000, out FrameEntry plain));
        Assert.True(frames.TryFind((nuint)header + 0x2000, out FrameEntry signal));
        Assert.Equal((false, true), (plain.Common.IsSignalFrame, signal.Common.IsSignalFrame));
    }

    [Fact]
    public void Damage_anywhere_reads_no_other_memory()
    {
        UnwindTableBuilder builder = new();
        for (int index = 0; index < 8; index++)
        {
            builder.Add(Start(index), 16, [0x41, 0x0e, 16, 0x86, 2, 0x43, 0x0d, 6, 0x0a, 0x0b], "zR");
        }

        byte[] table = builder.Build();
        Random random = new(2);
        using GuardedMemory memory = new(table.Length);
        for (int round = 0; round < 200_000; round++)
        {
            byte[] damaged = (byte[])table.Clone();
            for (int count = random.Next(1, 6); count > 0; count--)
            {
                damaged[random.Next(damaged.Length)] = (byte)random.Next(256);
            }

            byte* header = round % 2 == 0 ? memory.PlaceAtEnd(damaged) : memory.PlaceAtStart(damaged);
            nuint address = (nuint)(header + Start(random.Next(8)) + random.Next(16));
            EhFrameTable frames = new(header, header, header + damaged.Length);
            if (frames.TryFind(address, out FrameEntry entry)
                && CfaProgram.TryRun(entry, address, out CfaRow row))
            {
                _ = row.ToRule();
            }
        }
    }

    [Fact]
    public void Cut_anywhere_reads_no_other_memory()
    {
        byte[] table = new UnwindTableBuilder().Add(0x1000, 16, [0x41, 0x0e, 16, 0x86, 2]).Build();
        using GuardedMemory memory = new(table.Length);
        for (int length = 0; length <= table.Length; length++)
        {
            byte* header = memory.PlaceAtEnd(table.AsSpan(0, length));
            EhFrameTable frames = new(header, header, memory.End);
            if (frames.TryFind((nuint)header + 0x1008, out FrameEntry entry))
            {
                _ = CfaProgram.TryRun(entry, (nuint)header + 0x1008, out _);
            }
        }
    }

    // The distance from the header: with gaps of 16 bytes.
    private static int Start(int index) => 0x1_0000 + (32 * index);
}
