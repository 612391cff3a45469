using System;
using System.Collections.Generic;
using System.Linq;
using System.Runtime.InteropServices;
using Xunit;

namespace Quarry.Core.Tests;

/// <summary>Compares walks that begin from the last stack with whole walks.</summary>
public sealed unsafe class LastStackTests : IDisposable
{
    // Of the functions of the module: one without and one with a frame pointer, realigned, outermost, and the
    // host's own.
    private const int Leaf = 0, Framed = 1, Realigned = 2, Outermost = 3, Own = 4;

    private static readonly byte[][] s_programs =
    [
        [0x0e, 32],
        [0x0c, 6, 16, 0x86, 2],
        [0x10, 6, 2, 0x76, 0, 0x0f, 3, 0x76, 0x78, 6],
        [0x07, 16],
        [0x0e, 24],
    ];

    [ThreadStatic]
    private static SyntheticModule? t_module;

    private readonly SyntheticModule _module = new(0x11, s_programs);
    private readonly GuardedMemory _stack = new(64 << 10);
    private readonly GuardedMemory _memory = new((int)StackWalker.Bytes);
    private readonly GuardedMemory _last = new((int)LastStack.Bytes);
    private readonly StackWalker* _walker;
    private readonly List<StackFrame> _frames = [];

    public LastStackTests()
    {
        t_module = _module;
        _walker = StackWalker.Initialize(
            _memory.Start,
            new StackWalkerOptions
            {
                FindObject = (delegate* unmanaged<void*, ModuleMap.FoundObject*, int>)&Find,
                OwnStart = _module.Address(Own, 0),
                OwnEnd = _module.Address(Own, 64),
            });
    }

    private StackBounds Bounds => new((nuint)_stack.Start, (nuint)_stack.End);

    private LastStack* Last => (LastStack*)_last.Start;

    public void Dispose()
    {
        _module.Dispose();
        _stack.Dispose();
        _memory.Dispose();
        _last.Dispose();
    }

    /// <summary>Frames come and go at both ends; most walks find the outer ones unchanged.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Addresses_are_those_of_a_whole_walk(int seed)
    {
        Random random = new(seed);
        int kept = 0;
        for (int round = 0; round < 5000; round++)
        {
            int returns = random.Next(20) == 0 ? random.Next(100) : random.Next(4);
            for (; returns > 0 && _frames.Count > 0; returns--)
            {
                Return();
            }

            for (int calls = random.Next(1, 5); calls > 0; calls--)
            {
                Call(random);
            }

            if (random.Next(10) == 0 && _frames.Count > 1)
            {
                // The same frames, but one of them calls from another place.
                int index = random.Next(1, _frames.Count);
                int caller = _frames[index - 1].Function;
                *_frames[index].ReturnPlace = _module.Address(caller, 16 + random.Next(40));
            }

            kept += Compare() ? 1 : 0;
        }

        Assert.Equal(5000, kept);
    }

    [Fact]
    public void Damaged_stacks_are_walked_within_their_bounds_and_alike()
    {
        Random random = new(4);
        nuint* words = (nuint*)_stack.Start;
        for (int round = 0; round < 5000; round++)
        {
            while (_frames.Count < 30)
            {
                Call(random);
            }

            for (int count = random.Next(3); count > 0; count--)
            {
                words[random.Next((int)(_frames[^1].StackPointer - words), (int)(_stack.Bytes / 8))] =
                    random.Next(4) switch
                    {
                        0 => _module.Address(random.Next(6), random.Next(64)),
                        1 => (nuint)words + (nuint)random.Next((int)_stack.Bytes + 64),
                        2 => (nuint)random.NextInt64(),
                        _ => (nuint)random.Next(3),
                    };
            }

            _ = Compare();
            if (random.Next(8) == 0)
            {
                _frames.Clear();
            }
        }
    }

    [Fact]
    public void Handlers_do_not_use_a_stack_that_they_interrupted()
    {
        Assert.True(Last->TryEnter());
        Assert.False(Last->TryEnter());
        Last->Leave();
        Assert.True(Last->TryEnter());
        Last->Refuse();
        int refused = 0;
        for (; !Last->TryEnter(); refused++)
        {
        }

        Assert.Equal(16, refused);
    }

    /// <summary>Walks in both ways; returns whether the stack was kept.</summary>
    private bool Compare()
    {
        // Below the innermost frame is one of the host.
        StackFrame inner = _frames[^1];
        inner.StackPointer[-1] = inner.Address;
        UnwindRegisters registers = new()
        {
            Address = _module.Address(Own),
            StackPointer = (nuint)(inner.StackPointer - 3),
            FramePointer = inner.FramePointer,
        };
        nuint[] expected = new nuint[StackWalker.MaxFrames], actual = new nuint[StackWalker.MaxFrames];
        fixed (nuint* addresses = expected, copied = actual)
        {
            int count = StackWalker.Walk(
                _walker, registers, Bounds, addresses, expected.Length, out StackEnd end);
            if (!StackWalker.TryRepeat(_walker, registers, Bounds, Last))
            {
                Last->Count = 0;
                return false;
            }

            Assert.Equal(StackEnd.Complete, end);
            Assert.Equal(count, LastStack.Depth(Last));
            LastStack.CopyAddresses(Last, copied);
            Assert.Equal(expected[..count], actual[..count]);
            ulong hash = expected[..count].Reverse().Aggregate(0UL, LastStack.Combine);
            Assert.Equal(hash, LastStack.Hash(Last));
            return true;
        }
    }

    private void Return() => _frames.RemoveAt(_frames.Count - 1);

    private void Call(Random random)
    {
        if (_frames.Count == 0)
        {
            nuint* outermost = (nuint*)_stack.End - 4;
            _frames.Add(new StackFrame(Outermost, _module.Address(Outermost), outermost, outermost, 0));
            return;
        }

        if (_frames.Count > 100)
        {
            return;
        }

        // The caller's address is the word below its stack pointer, which is the CFA of the callee.
        StackFrame caller = _frames[^1];
        nuint* cfa = caller.StackPointer;
        cfa[-1] = caller.Address;
        int function = random.Next(5) switch { 0 or 1 => Framed, 2 => Realigned, _ => Leaf };
        nuint* stackPointer = function == Leaf ? cfa - 4 : cfa - 12;
        nuint framePointer = caller.FramePointer;
        if (function == Framed)
        {
            cfa[-2] = caller.FramePointer;
            framePointer = (nuint)(cfa - 2);
        }
        else if (function == Realigned)
        {
            nuint* frame = cfa - 6;
            frame[0] = caller.FramePointer;
            frame[-1] = (nuint)cfa;
            framePointer = (nuint)frame;
        }

        nuint address = _module.Address(function, 16 + random.Next(40));
        _frames.Add(new StackFrame(function, address, stackPointer, cfa, framePointer));
    }

    [UnmanagedCallersOnly]
    private static int Find(void* address, ModuleMap.FoundObject* found)
    {
        if (address < t_module!.Start || address >= t_module.End)
        {
            return -1;
        }

        found->Start = (nuint)t_module.Start;
        found->End = (nuint)t_module.End;
        found->Link = s_link;
        return 0;
    }

    private static readonly ModuleMap.LinkMap* s_link = CreateLink();

    private static ModuleMap.LinkMap* CreateLink()
    {
        ModuleMap.LinkMap* link = (ModuleMap.LinkMap*)NativeMemory.Alloc((nuint)sizeof(ModuleMap.LinkMap));
        *link = new ModuleMap.LinkMap { Path = (byte*)Marshal.StringToCoTaskMemUTF8("module") };
        return link;
    }

    /// <summary>A frame: the address at which it is, and its registers.</summary>
    private readonly struct StackFrame(
        int function, nuint address, nuint* stackPointer, nuint* cfa, nuint framePointer)
    {
        internal int Function => function;

        internal nuint Address => address;

        internal nuint* StackPointer => stackPointer;

        internal nuint FramePointer => framePointer;

        /// <summary>Where the address in the caller of the frame is.</summary>
        internal nuint* ReturnPlace => cfa - 1;
    }
}
