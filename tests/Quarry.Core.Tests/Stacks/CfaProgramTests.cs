using System;
using System.Linq;
using Xunit;

namespace Quarry.Core.Tests;

/// <summary>Programs of every form give the rules that their rows describe.</summary>
public sealed unsafe class CfaProgramTests
{
    private const string Sp = nameof(RuleKind.StackPointer), Bp = nameof(RuleKind.FramePointer);
    private const string Two = nameof(RuleKind.Realigned), Last = nameof(RuleKind.End);
    private const string None = nameof(RuleKind.Broken);
    private const int Start = 0x10_0000, Length = 0x20_0000;

    private static readonly byte[] s_pushAndFrame =
    [
        0x41, 0x0e, 16, 0x86, 2, // push rbp
        0x43, 0x0d, 6, // mov rsp, rbp
        0x4a, 0x0c, 7, 8, 0xc6, // leave
    ];

    // A frame that gcc realigns: the CFA is a word at rbp - 8, the caller's rbp is at rbp.
    private static readonly byte[] s_realigned = [0x10, 6, 2, 0x76, 0, 0x0f, 3, 0x76, 0x78, 6];

    private static readonly byte[] s_plt =
        [0x0f, 11, 0x77, 8, 0x80, 0, 0x3f, 0x1a, 0x3b, 0x2a, 0x33, 0x24, 0x22];

    public static TheoryData<string, byte[], int, string, int, int> Rows => new()
    {
        { "first row", [], 0, Sp, 8, 0 },
        { "no operation", [0, 0, 0], 5, Sp, 8, 0 },
        { "before an advance", [0x44, 0x0e, 32], 3, Sp, 8, 0 },
        { "at an advance", [0x44, 0x0e, 32], 4, Sp, 32, 0 },
        { "advance of 1 byte", [0x02, 200, 0x0e, 32], 200, Sp, 32, 0 },
        { "before it", [0x02, 200, 0x0e, 32], 199, Sp, 8, 0 },
        { "advance of 2 bytes", [0x03, 0x34, 0x12, 0x0e, 32], 0x1234, Sp, 32, 0 },
        { "before it", [0x03, 0x34, 0x12, 0x0e, 32], 0x1233, Sp, 8, 0 },
        { "advance of 4 bytes", [0x04, 0x78, 0x56, 0x12, 0, 0x0e, 32], 0x125678, Sp, 32, 0 },
        { "before it", [0x04, 0x78, 0x56, 0x12, 0, 0x0e, 32], 0x125677, Sp, 8, 0 },
        { "pushed", s_pushAndFrame, 1, Sp, 16, -16 },
        { "frame", s_pushAndFrame, 4, Bp, 16, -16 },
        { "left", s_pushAndFrame, 14, Sp, 8, 0 },
        { "large offset", [0x0e, 0x90, 0x80, 0x04], 0, Sp, 0x10010, 0 },
        { "signed offset", [0x13, 0x7c], 0, Sp, 32, 0 },
        { "signed definition", [0x12, 6, 0x7c], 0, Bp, 32, 0 },
        { "definition", [0x0c, 6, 24], 0, Bp, 24, 0 },
        { "extended offset", [0x05, 6, 2], 0, Sp, 8, -16 },
        { "extended signed offset", [0x11, 6, 3], 0, Sp, 8, -24 },
        { "negative offset", [0x2f, 6, 2], 0, Sp, 8, 16 },
        { "restored", [0x86, 2, 0xc6], 0, Sp, 8, 0 },
        { "restored, extended", [0x86, 2, 0x06, 6], 0, Sp, 8, 0 },
        { "same value", [0x86, 2, 0x08, 6], 0, Sp, 8, 0 },
        { "other registers", [0x83, 3, 0x0a, 0x07, 3, 0x09, 3, 12, 0x0b], 0, Sp, 8, 0 },
        { "remembered", [0x0a, 0x0e, 64, 0x86, 2, 0x0b], 0, Sp, 8, 0 },
        { "remembered twice", [0x0a, 0x0e, 64, 0x0a, 0x0e, 96, 0x0b], 0, Sp, 64, 0 },
        { "size of arguments", [0x2e, 0x80, 1, 0x0e, 48], 0, Sp, 48, 0 },
        { "realigned", s_realigned, 0, Two, -8, 0 },
        { "realigned, then not", [.. s_realigned, 0x0c, 7, 8, 0x08, 6], 0, Sp, 8, 0 },
        { "expression of another register", [0x10, 3, 2, 0x77, 0], 0, Sp, 8, 0 },
        { "value of another register", [0x16, 3, 2, 0x77, 0, 0x14, 3, 1, 0x15, 3, 1], 0, Sp, 8, 0 },
        { "outermost", [0x07, 16], 0, Last, 0, 0 },
        { "PLT stub", s_plt, 10, Sp, 8, 0 },
        { "PLT stub, pushed", s_plt, 11, Sp, 16, 0 },
        { "next PLT stub", s_plt, 16, Sp, 8, 0 },
        { "other expression", [0x0f, 2, 0x77, 8], 0, None, 0, 0 },
        { "CFA of another register", [0x0d, 10], 0, None, 0, 0 },
        { "rbp in a register", [0x09, 6, 12], 0, None, 0, 0 },
        { "value of rbp", [0x16, 6, 2, 0x77, 0], 0, None, 0, 0 },
        { "rbp by an expression alone", [0x10, 6, 2, 0x76, 0], 0, None, 0, 0 },
        { "return address elsewhere", [0x90, 2], 0, None, 0, 0 },
        { "return address in a register", [0x09, 16, 0], 0, None, 0, 0 },
        { "offset without room", [0x0e, 0x80, 0x80, 0x80, 0x80, 0x10], 0, None, 0, 0 },
        { "odd offset", [0x0e, 12], 0, None, 0, 0 },
    };

    [Theory]
    [MemberData(nameof(Rows))]
    public void Row_becomes_rule(string name, byte[] program, int offset, string kind, int cfa, int saved)
    {
        // The function begins at a multiple of 16, wherever the table does.
        int bytes = new UnwindTableBuilder().Add(Start, Length, program).Build().Length;
        int start = Start + (bytes % 16);
        byte[] table = new UnwindTableBuilder().Add(start, Length, program).Build();
        using GuardedMemory memory = new(table.Length);
        byte* header = memory.PlaceAtEnd(table);
        nuint address = (nuint)header + (nuint)start + (nuint)offset;
        EhFrameTable frames = new(header, header, memory.End);
        Assert.True(frames.TryFind(address, out FrameEntry entry), name);
        Assert.True(CfaProgram.TryRun(entry, address, out CfaRow row), name);
        UnwindRule rule = row.ToRule();
        Assert.Equal(kind, rule.Kind.ToString());
        Assert.Equal((cfa, saved), ((int)rule.CfaOffset, (int)rule.SavedOffset));
    }

    [Theory]
    [InlineData("unknown operation", new byte[] { 0x3f })]
    [InlineData("restored, never remembered", new byte[] { 0x0b })]
    [InlineData("remembered too often", new byte[] { 10, 10, 10, 10, 10, 10, 10, 10, 10 })]
    public void Invalid_program_fails(string name, byte[] program)
    {
        byte[] table = new UnwindTableBuilder().Add(Start, Length, program).Build();
        using GuardedMemory memory = new(table.Length);
        byte* header = memory.PlaceAtEnd(table);
        nuint address = (nuint)header + Start;
        EhFrameTable frames = new(header, header, memory.End);
        Assert.True(frames.TryFind(address, out FrameEntry entry), name);
        Assert.False(CfaProgram.TryRun(entry, address, out _), name);
    }

    [Fact]
    public void Arbitrary_programs_end_and_read_no_other_memory()
    {
        Random random = new(1);
        using GuardedMemory memory = new(4096);
        for (int round = 0; round < 200_000; round++)
        {
            byte[] bytes = new byte[random.Next(1, 40)];
            random.NextBytes(bytes);
            byte* program = round % 2 == 0 ? memory.PlaceAtEnd(bytes) : memory.PlaceAtStart(bytes);
            FrameEntry entry = new() { Start = 1000, Length = 1 << 20 };
            entry.Common.CodeAlignment = (ulong)random.Next(3);
            entry.Common.DataAlignment = -8;
            entry.Common.ReturnRegister = 16;
            entry.Common.PointerEncoding = (byte)random.Next(256);
            entry.Common.Program = new TableReader(program, program + (bytes.Length / 2));
            entry.Program = new TableReader(program + (bytes.Length / 2), program + bytes.Length);
            if (CfaProgram.TryRun(entry, (nuint)random.Next(1000, 1 << 20), out CfaRow row))
            {
                _ = row.ToRule();
            }
        }
    }

    [Fact]
    public void Rules_keep_their_fields()
    {
        foreach (RuleKind kind in Enum.GetValues<RuleKind>().Where(kind => kind != RuleKind.Broken))
        {
            foreach (long cfa in new long[] { 0, 8, -8, 16, 4096, -(8L << 23), (8L << 23) - 8 })
            {
                foreach (long saved in new long[] { 0, -16, 8, -(8L << 20), (8L << 20) - 8 })
                {
                    UnwindRule rule = UnwindRule.FromBits(UnwindRule.Of(kind, cfa, saved).Bits);
                    Assert.Equal((kind, cfa, saved), (rule.Kind, rule.CfaOffset, rule.SavedOffset));
                    Assert.True(rule.Bits < 1UL << 48);
                }
            }

            Assert.Equal(RuleKind.Broken, UnwindRule.Of(kind, 8L << 23, 0).Kind);
            Assert.Equal(RuleKind.Broken, UnwindRule.Of(kind, 0, 8L << 20).Kind);
            Assert.Equal(RuleKind.Broken, UnwindRule.Of(kind, 4, 0).Kind);
        }
    }
}
