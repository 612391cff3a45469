using System;
using System.Collections.Generic;
using System.Runtime.InteropServices;
using Xunit;

namespace Quarry.Core.Tests;

/// <summary>Walks of stacks that the tests write, through modules that the tests build.</summary>
public sealed unsafe class StackWalkerTests : IDisposable
{
    // Of the functions of the modules: leaf, one with a frame pointer, realigned, outermost, unknown rule.
    private const int Leaf = 0, Framed = 1, Realigned = 2, Outermost = 3, Unknown = 4, WithoutEntry = 5;

    private static readonly byte[][] s_programs =
    [
        [0x0e, 32],
        [0x0c, 6, 16, 0x86, 2],
        [0x10, 6, 2, 0x76, 0, 0x0f, 3, 0x76, 0x78, 6],
        [0x07, 16],
        [0x0d, 10],
    ];

    [ThreadStatic]
    private static SyntheticModule[]? t_modules;

    [ThreadStatic]
    private static List<(nuint Start, byte BuildId, string Path)>? t_reported;

    private readonly SyntheticModule _module = new(0x11, s_programs);
    private readonly GuardedMemory _stack = new(4096);
    private readonly GuardedMemory _memory = new((int)StackWalker.Bytes);
    private readonly nuint[] _addresses = new nuint[16];

    public StackWalkerTests()
    {
        t_modules = [_module];
        t_reported = [];
    }

    private StackBounds Bounds => new((nuint)_stack.Start, (nuint)_stack.End);

    private nuint* Words => (nuint*)_stack.Start;

    public void Dispose()
    {
        _module.Dispose();
        _stack.Dispose();
        _memory.Dispose();
    }

    [Fact]
    public void Frames_of_all_kinds_lead_to_the_outermost_one()
    {
        StackWalker* walker = Create();
        UnwindRegisters frame = WriteStack();
        for (int turn = 0; turn < 3; turn++)
        {
            int count = Walk(walker, frame, out StackEnd end);
            Assert.Equal(StackEnd.Complete, end);
            Assert.Equal(Expected(), _addresses[..count]);
        }
    }

    [Fact]
    public void Leading_frames_of_the_host_are_dropped()
    {
        StackWalker* walker = Create(ownStart: _module.Address(Leaf, 0), ownEnd: _module.Address(Framed, 0));
        int count = Walk(walker, WriteStack(), out StackEnd end);
        Assert.Equal(StackEnd.Complete, end);
        Assert.Equal(Expected()[1..], _addresses[..count]);
    }

    [Fact]
    public void Memory_for_fewer_addresses_truncates()
    {
        StackWalker* walker = Create();
        UnwindRegisters frame = WriteStack();
        for (int capacity = 0; capacity < Expected().Length; capacity++)
        {
            fixed (nuint* addresses = _addresses)
            {
                int count = StackWalker.Walk(walker, frame, Bounds, addresses, capacity, out StackEnd end);
                Assert.Equal((capacity, StackEnd.Truncated), (count, end));
                Assert.Equal(Expected()[..capacity], _addresses[..capacity]);
            }
        }
    }

    [Theory]
    [InlineData(Unknown)]
    [InlineData(WithoutEntry)]
    public void Frame_without_usable_rule_breaks_the_stack(int function)
    {
        UnwindRegisters frame = new()
        {
            Address = _module.Address(function),
            StackPointer = (nuint)Words,
            FramePointer = 12345,
        };
        int count = Walk(Create(), frame, out StackEnd end);
        Assert.Equal((1, StackEnd.Broken), (count, end));
    }

    [Fact]
    public void Address_outside_of_code_breaks_the_stack()
    {
        UnwindRegisters frame = WriteStack();
        Words[3] = (nuint)_module.Start + 100;
        int count = Walk(Create(), frame, out StackEnd end);
        Assert.Equal((2, StackEnd.Broken), (count, end));
    }

    [Fact]
    public void Steps_end_at_the_end_of_the_stack()
    {
        UnwindRegisters frame = new()
        {
            Address = _module.Address(Leaf),
            StackPointer = (nuint)_stack.End - 24,
        };
        int count = Walk(Create(), frame, out StackEnd end);
        Assert.Equal((1, StackEnd.Broken), (count, end));
    }

    [Fact]
    public void Frame_pointer_that_leads_down_ends_the_walk()
    {
        UnwindRegisters frame = new()
        {
            Address = _module.Address(Framed),
            StackPointer = (nuint)(Words + 20),
            FramePointer = (nuint)Words,
        };
        int count = Walk(Create(), frame, out StackEnd end);
        Assert.Equal((1, StackEnd.Broken), (count, end));
    }

    [Fact]
    public void Module_is_reported_once_and_again_when_replaced()
    {
        StackWalker* walker = Create();
        UnwindRegisters frame = WriteStack();
        _ = Walk(walker, frame, out _);
        _ = Walk(walker, frame, out _);
        Assert.Equal([((nuint)_module.Start, 0x11, "module")], t_reported);

        // Another image at the same place, with other code.
        Rebuild(0x22);
        _ = Walk(walker, frame, out StackEnd end);
        Assert.Equal(StackEnd.Complete, end);
        Assert.Equal(2, t_reported!.Count);
        Assert.Equal(((nuint)_module.Start, 0x22, "module"), t_reported[1]);

        // The first one again: its rules were forgotten with it.
        Rebuild(0x11);
        _ = Walk(walker, frame, out _);
        Assert.Equal(3, t_reported.Count);
    }

    [Fact]
    public void Damaged_stacks_are_walked_within_their_bounds()
    {
        StackWalker* walker = Create();
        Random random = new(4);
        int words = (int)(_stack.Bytes / 8);
        fixed (nuint* addresses = _addresses)
        {
            for (int round = 0; round < 20_000; round++)
            {
                for (int index = 0; index < words; index++)
                {
                    Words[index] = random.Next(4) switch
                    {
                        0 => _module.Address(random.Next(6), random.Next(64)),
                        1 => (nuint)Words + (nuint)random.Next((int)_stack.Bytes + 64),
                        2 => (nuint)random.NextInt64(),
                        _ => (nuint)random.Next(3),
                    };
                }

                UnwindRegisters frame = new()
                {
                    Address = _module.Address(random.Next(6)),
                    StackPointer = (nuint)(Words + random.Next(words)),
                    FramePointer = (nuint)(Words + random.Next(words)),
                };
                int count = StackWalker.Walk(walker, frame, Bounds, addresses, _addresses.Length, out _);
                Assert.InRange(count, 1, _addresses.Length);
            }
        }
    }

    [Fact]
    public void Damaged_images_are_read_within_their_bounds()
    {
        Random random = new(5);
        byte[] whole = new ReadOnlySpan<byte>(_module.Start, (int)(_module.End - _module.Start)).ToArray();
        for (int round = 0; round < 20_000; round++)
        {
            whole.CopyTo(new Span<byte>(_module.Start, whole.Length));
            for (int count = random.Next(1, 8); count > 0; count--)
            {
                // The headers and the beginning of the tables, which have the most meaning.
                int offset = random.Next(2) == 0 ? random.Next(600) : 4096 + random.Next(300);
                _module.Start[offset] = (byte)random.Next(256);
            }

            nuint address = _module.Address(random.Next(6));
            nuint start = (nuint)_module.Start, end = (nuint)_module.End;
            if (LoadedModule.TryRead(start, end, address, out LoadedModule module))
            {
                _ = module.FindBuildId().Length;
                _ = RuleFinder.Find(module, address);
            }
        }
    }

    private static nuint[] Addresses(SyntheticModule module, params int[] functions) =>
        Array.ConvertAll(functions, function => module.Address(function));

    private nuint[] Expected() => Addresses(_module, Leaf, Framed, Realigned, Leaf, Outermost);

    // From the leaf: 24 bytes and a return address; then a frame at word 10; then one whose CFA is stored.
    private UnwindRegisters WriteStack()
    {
        Words[3] = _module.Address(Framed);
        Words[10] = (nuint)(Words + 20);
        Words[11] = _module.Address(Realigned);
        Words[19] = (nuint)(Words + 31);
        Words[20] = 0;
        Words[30] = _module.Address(Leaf);
        Words[34] = _module.Address(Outermost);
        return new UnwindRegisters
        {
            Address = _module.Address(Leaf),
            StackPointer = (nuint)Words,
            FramePointer = (nuint)(Words + 10),
        };
    }

    private void Rebuild(byte buildId)
    {
        using SyntheticModule other = new(buildId, s_programs);
        new ReadOnlySpan<byte>(other.Start, (int)(other.End - other.Start))
            .CopyTo(new Span<byte>(_module.Start, (int)(_module.End - _module.Start)));
    }

    private StackWalker* Create(nuint ownStart = 0, nuint ownEnd = 0) => StackWalker.Initialize(
        _memory.Start,
        new StackWalkerOptions
        {
            FindObject = (delegate* unmanaged<void*, ModuleMap.FoundObject*, int>)&Find,
            OnModule = &Report,
            OwnStart = ownStart,
            OwnEnd = ownEnd,
        });

    private int Walk(StackWalker* walker, UnwindRegisters frame, out StackEnd end)
    {
        fixed (nuint* addresses = _addresses)
        {
            return StackWalker.Walk(walker, frame, Bounds, addresses, _addresses.Length, out end);
        }
    }

    [UnmanagedCallersOnly]
    private static int Find(void* address, ModuleMap.FoundObject* found)
    {
        foreach (SyntheticModule module in t_modules!)
        {
            if (address >= module.Start && address < module.End)
            {
                found->Start = (nuint)module.Start;
                found->End = (nuint)module.End;
                found->Link = s_link;
                return 0;
            }
        }

        return -1;
    }

    private static readonly ModuleMap.LinkMap* s_link = CreateLink();

    private static ModuleMap.LinkMap* CreateLink()
    {
        ModuleMap.LinkMap* link = (ModuleMap.LinkMap*)NativeMemory.Alloc((nuint)sizeof(ModuleMap.LinkMap));
        *link = new ModuleMap.LinkMap { Path = (byte*)Marshal.StringToCoTaskMemUTF8("module") };
        return link;
    }

    private static void Report(void* context, StackModule* module) => t_reported!.Add(
        (module->Start, module->BuildId[0], Marshal.PtrToStringUTF8((nint)module->Path)!));
}
