using System.Collections.Generic;
using System.Linq;
using System.Threading;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace Quarry.Tests.Checked;

/// <summary>
/// Programs that do nothing wrong are not accused, and one mistake among many steps is found.
/// </summary>
public sealed unsafe class CheckedRandomTests
{
    private static Gen<(int Kind, int Which, int Size, int Shift)> Step =>
        from kind in Gen.Choose(0, 3)
        from which in Gen.Choose(0, 1000)
        from size in Gen.Frequency((8, Gen.Choose(0, 300)), (1, Gen.Choose(0, 20_000)))
        from shift in Gen.Choose(0, 9)
        select (kind, which, size, shift);

    [Theory]
    [InlineData(false, 16)]
    [InlineData(false, 0)]
    [InlineData(true, 16)]
    public void A_program_without_mistakes_is_not_accused(bool guardPages, int canaryBytes)
    {
        CheckedOptions options = new()
        {
            GuardPages = guardPages,
            CanaryBytes = canaryBytes,
            QuarantineBlocks = 20,
            StackFrames = 0,
        };
        Prop.ForAll(Arb.From(Gen.ArrayOf(Step, 150)), steps =>
        {
            using Checked<SystemHeap> memory = new(default, options);
            Play(memory, steps, mistakeAt: -1);
            memory.Verify();
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(20));
    }

    [Fact]
    public void One_byte_too_many_among_many_steps_is_found()
    {
        Prop.ForAll(Arb.From(Gen.ArrayOf(Step, 60)), Arb.From(Gen.Choose(0, 59)), (steps, at) =>
        {
            using Checked<SystemHeap> memory = new(default, Checking.Collecting with { StackFrames = 0 });
            nuint hurt = Play(memory, steps, at);
            memory.TryVerify();
            return hurt == 0 || memory.Violations.Any(
                found => found.Address == hurt && found.Kind == ViolationKind.Overrun);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(50));
    }

    [Fact]
    public void Threads_that_give_back_what_others_took_are_not_accused()
    {
        const int Threads = 4, Turns = 2000;
        using Checked<SystemHeap> memory = new(
            default, new CheckedOptions { StackFrames = 0, QuarantineBlocks = 100 });
        nuint[] slots = new nuint[64];
        Layout layout = Checking.Bytes(48);
        Parallel(Threads, seed =>
        {
            uint random = (uint)seed + 1;
            for (int turn = 0; turn < Turns; turn++)
            {
                random = (random * 1664525) + 1013904223;
                nuint block = (nuint)memory.Allocate(layout);
                Memory.Fill((byte*)block, layout.Size, (byte)random);
                nuint other = Interlocked.Exchange(ref slots[random >> 26], block);
                memory.Deallocate((void*)other, layout);
                if (turn % 500 == 0)
                {
                    memory.Verify();
                }
            }
        });
        Assert.Equal((nuint)slots.Count(slot => slot != 0), memory.GetLeaks().Blocks);
        foreach (nuint slot in slots)
        {
            memory.Deallocate((void*)slot, layout);
        }
    }

    [Fact]
    public void Of_threads_that_give_back_the_same_block_all_but_one_are_accused()
    {
        const int Threads = 4, Turns = 200;
        using Checked<SystemHeap> memory = new(default, Checking.Collecting with { StackFrames = 0 });
        Layout layout = Checking.Bytes(48);
        nuint[] blocks = [.. Enumerable.Range(0, Turns).Select(_ => (nuint)memory.Allocate(layout))];
        Parallel(Threads, _ =>
        {
            foreach (nuint block in blocks)
            {
                memory.Deallocate((void*)block, layout);
            }
        });
        Assert.Equal((Threads - 1) * Turns, memory.Violations.Count);
        Assert.All(memory.Violations, found => Assert.Equal(ViolationKind.DoubleFree, found.Kind));
    }

    private static void Parallel(int count, System.Action<int> body)
    {
        List<System.Exception> failures = [];
        Thread[] threads = [.. Enumerable.Range(0, count).Select(index => new Thread(() =>
        {
            try
            {
                body(index);
            }
            catch (System.Exception failure)
            {
                lock (failures)
                {
                    failures.Add(failure);
                }
            }
        }))];
        System.Array.ForEach(threads, thread => thread.Start());
        System.Array.ForEach(threads, thread => thread.Join());
        Assert.Empty(failures);
    }

    /// <summary>
    /// Plays the steps, gives all back but a block that it wrote behind, and returns that one.
    /// </summary>
    private static nuint Play(
        Checked<SystemHeap> memory, (int Kind, int Which, int Size, int Shift)[] steps, int mistakeAt)
    {
        List<(nuint Address, Layout Layout)> blocks = [];
        nuint hurt = 0;
        for (int at = 0; at < steps.Length; at++)
        {
            (int kind, int which, int size, int shift) = steps[at];
            if (kind <= 1 || blocks.Count == 0)
            {
                Layout layout = Checking.Bytes((nuint)size, (nuint)1 << shift);
                void* block = kind == 0 ? memory.Allocate(layout) : memory.AllocateZeroed(layout);
                blocks.Add(((nuint)block, layout));
                Memory.Fill((byte*)block, layout.Size, (byte)at);
            }
            else
            {
                (nuint address, Layout layout) = blocks[which % blocks.Count];
                blocks.RemoveAt(which % blocks.Count);
                if (kind == 2)
                {
                    memory.Deallocate((void*)address, layout);
                }
                else
                {
                    void* moved = memory.Reallocate((void*)address, layout, (nuint)size);
                    blocks.Add(((nuint)moved, Checking.Bytes((nuint)size, layout.Alignment)));
                }
            }

            if (at == mistakeAt && hurt == 0 && blocks.Count > 0)
            {
                (nuint address, Layout layout) = blocks[^1];
                ((byte*)address)[layout.Size] ^= 0x80;
                hurt = address;
                blocks.RemoveAt(blocks.Count - 1);
            }
        }

        blocks.ForEach(block => memory.Deallocate((void*)block.Address, block.Layout));
        return hurt;
    }
}
