using System;
using System.Collections.Generic;
using System.Linq;
using Xunit;

namespace Quarry.Core.Tests;

/// <summary>Tests where guarded blocks lie, what of them is accessible, and which errors are found.</summary>
public sealed unsafe class GuardedBlocksTests
{
    private const int Thread = 7;

    [ThreadStatic]
    private static List<(GuardError Error, nuint Address)>? s_errors;

    [Theory]
    [InlineData(0, 16)]
    [InlineData(1, 16)]
    [InlineData(16, 16)]
    [InlineData(100, 16)]
    [InlineData(4096, 4096)]
    [InlineData(8192, 8192)]
    [InlineData(32768, 32768)]
    public void A_block_ends_at_an_inaccessible_page_and_is_aligned(int size, int alignment)
    {
        GuardedBlocks* guards = Create(4);
        byte* block = (byte*)GuardedBlocks.Allocate(guards, (nuint)size, Thread);
        nuint end = (nuint)block + (nuint)int.Max(size, 1);
        Assert.Equal(0u, (nuint)block % (nuint)alignment);
        Assert.Equal(Layout.AlignUp(end, Block.MinSize), Layout.AlignUp(end, Os.PageSize));
        Assert.Equal((nuint)int.Max(size, 1), guards->SizeOf(block));
        Assert.True(new Span<byte>(block, size).IndexOfAnyExcept((byte)0) < 0);
        Assert.True(IsWritable((nuint)block));
        Assert.False(IsWritable(Layout.AlignUp(end, Os.PageSize)));
        Assert.False(IsWritable(Layout.AlignDown((nuint)block, Os.PageSize) - 1));

        GuardedBlocks.Free(guards, block, Thread);
        Assert.False(IsWritable((nuint)block));
        Assert.Equal(0u, guards->SizeOf(block));
        Assert.Equal(0u, guards->InUse);
    }

    [Fact]
    public void Larger_blocks_are_not_served() =>
        Assert.True(GuardedBlocks.Allocate(Create(4), GuardedBlocks.MaxSize + 1, Thread) == null);

    [Fact]
    public void No_more_blocks_are_served_than_the_options_permit()
    {
        GuardedBlocks* guards = Create(4);
        nuint[] blocks = [.. Enumerable.Range(0, 5).Select(_ => Allocate(guards, 48))];
        Assert.Equal(4, blocks.Count(block => block != 0));
        GuardedBlocks.Free(guards, (void*)blocks[0], Thread);
        Assert.NotEqual(0u, Allocate(guards, 48));
    }

    [Fact]
    public void Blocks_are_not_guarded_more_often_than_the_options_permit()
    {
        GuardedBlocks* guards = GuardedBlocks.TryCreate(
            new GuardOptions { Interval = 1, MaxBlocks = 4, LeastMilliseconds = 600_000 });
        Assert.NotEqual(0u, Allocate(guards, 48));
        Assert.Equal(0u, Allocate(guards, 48));
    }

    [Fact]
    public void The_slot_that_was_freed_longest_ago_is_used_next()
    {
        GuardedBlocks* guards = Create(2);
        List<nuint> blocks = [];
        for (int round = 0; round < 8; round++)
        {
            blocks.Add(Allocate(guards, 48));
            GuardedBlocks.Free(guards, (void*)blocks[^1], Thread);
        }

        Assert.Equal(8, blocks.Distinct().Count());
        Assert.Equal(blocks[0], Allocate(guards, 48));
    }

    [Fact]
    public void Wrong_calls_are_reported_with_their_kind()
    {
        s_errors = [];
        GuardedBlocks* guards = Create(4);
        byte* block = (byte*)GuardedBlocks.Allocate(guards, 100, Thread);
        GuardedBlocks.Free(guards, block + 16, Thread);
        GuardedBlocks.Free(guards, block, Thread);
        GuardedBlocks.Free(guards, block, Thread);
        GuardedBlocks.ReportInvalid(guards, block);
        GuardedBlocks.ReportInvalid(guards, block + 1);
        Assert.Equal(
            [
                (GuardError.InvalidFree, (nuint)block + 16),
                (GuardError.DoubleFree, (nuint)block),
                (GuardError.UseAfterFree, (nuint)block),
                (GuardError.InvalidFree, (nuint)block + 1),
            ],
            s_errors);
    }

    [Theory]
    [InlineData(100, 100, GuardError.OverflowFound)]
    [InlineData(100, 107, GuardError.OverflowFound)]
    [InlineData(100, -1, GuardError.UnderflowFound)]
    [InlineData(100, -3000, GuardError.UnderflowFound)]
    [InlineData(112, 111, GuardError.None)]
    public void Bytes_that_changed_beside_a_block_are_found_when_it_is_freed(
        int size, int offset, object expected)
    {
        s_errors = [];
        GuardedBlocks* guards = Create(4);
        byte* block = (byte*)GuardedBlocks.Allocate(guards, (nuint)size, Thread);
        block[offset] ^= 1;
        GuardedBlocks.Free(guards, block, Thread);
        GuardError[] errors = expected is GuardError.None ? [] : [(GuardError)expected];
        Assert.Equal(errors, s_errors.Select(e => e.Error));
    }

    [Fact]
    public void Faults_are_explained_by_the_nearest_block()
    {
        GuardedBlocks* guards = Create(4);
        byte* first = (byte*)GuardedBlocks.Allocate(guards, 64, Thread);
        byte* second = (byte*)GuardedBlocks.Allocate(guards, 64, Thread);
        Assert.Equal(GuardError.Overflow, Explain(guards, first + 64, out nuint block));
        Assert.Equal((nuint)first, block);
        Assert.Equal(GuardError.Underflow, Explain(guards, second - 5000, out block));
        Assert.Equal((nuint)second, block);
        GuardedBlocks.Free(guards, second, Thread);
        Assert.Equal(GuardError.UseAfterFree, Explain(guards, second + 8, out block));
        Assert.Equal((nuint)second, block);
        Assert.Equal(GuardError.WildAccess, Explain(guards, second + (2 * 65536), out block));
        Assert.Equal(0u, block);
    }

    [Fact]
    public void A_heap_serves_each_small_block_guarded_at_an_interval_of_one()
    {
        GuardedBlocks* guards = Create(2000);
        using HeapFixture heap = new(guards: guards);
        List<(nuint Block, nuint Size)> blocks = [];
        for (nuint size = 0; size < 100_000; size += 1 + (size / 2))
        {
            for (int count = 0; count < 20; count++)
            {
                void* block = Frontend.Allocate(size, heap.Thread);
                Assert.Equal(size <= GuardedBlocks.MaxSize, guards->Contains(block));
                nuint usable = Frontend.UsableSize(heap.State, block);
                Pattern.Fill(block, usable, (uint)(nuint)block);
                blocks.Add(((nuint)block, usable));
            }
        }

        Assert.All(blocks, b => Assert.True(Pattern.Holds((void*)b.Block, b.Size, (uint)b.Block)));
        blocks.ForEach(b => Frontend.Free((void*)b.Block, heap.Thread));
        Assert.Equal(0u, guards->InUse);
        Assert.True(HeapCheck.IsValid(heap.State));
    }

    [Fact]
    public void A_guarded_block_keeps_its_contents_when_it_is_resized()
    {
        GuardedBlocks* guards = Create(16);
        using HeapFixture heap = new(guards: guards);
        byte* block = (byte*)Frontend.Allocate(10, heap.Thread);
        for (nuint size = 10; size < 200_000; size *= 3)
        {
            Pattern.Fill(block, size, 5);
            block = (byte*)Frontend.Reallocate(block, size * 3, heap.Thread);
            Assert.True(Pattern.Holds(block, size, 5));
        }

        block = (byte*)Frontend.Reallocate(block, 20, heap.Thread);
        Assert.True(Pattern.Holds(block, 20, 5));
        Assert.True(guards->Contains(block));
        Frontend.Free(block, heap.Thread);
        Assert.Equal(0u, guards->InUse);
    }

    [Fact]
    public void One_in_the_interval_is_guarded_whatever_the_size()
    {
        const int Interval = 50, Blocks = 20_000;
        GuardedBlocks* guards = Create(64, Interval);
        using HeapFixture heap = new(64 << 20, guards: guards);
        foreach (nuint size in (nuint[])[16, 500, 8000])
        {
            int guarded = 0;
            for (int count = 0; count < Blocks; count++)
            {
                void* block = Frontend.Allocate(size, heap.Thread);
                guarded += guards->Contains(block) ? 1 : 0;
                Frontend.Free(block, heap.Thread);
            }

            // Binomial: 400 on average with a standard deviation of 20. Five of them fail once in a million.
            Assert.InRange(guarded, (Blocks / Interval) - 100, (Blocks / Interval) + 100);
        }
    }

    [Fact]
    public void A_nested_call_lets_guarded_blocks_pass_on_a_thread_heap_that_had_some()
    {
        const int OtherThread = int.MaxValue - 1;
        GuardedBlocks* guards = Create(16);
        using HeapFixture heap = new(guards: guards);
        ThreadHeap* other = ThreadLifetime.Acquire(heap.State, OtherThread);
        Frontend.Free(Frontend.Allocate(48, other), other);
        ThreadLifetime.Retire(other);

        byte* frame = stackalloc byte[16];
        Assert.True(ThreadLifetime.TryEnter(heap.Thread, frame + 100_000));
        nuint[] nested = new nuint[20];
        for (int index = 0; index < nested.Length; index++)
        {
            nested[index] = (nuint)Frontend.Allocate(48, heap.Thread);
            Pattern.Fill((void*)nested[index], 48, (uint)index);
        }

        ThreadLifetime.Leave(heap.Thread);
        Assert.Equal(1u, other->GuardInterval);
        Assert.Equal(nested.Length, nested.Distinct().Count());
        Assert.All(
            Enumerable.Range(0, nested.Length),
            index => Assert.True(Pattern.Holds((void*)nested[index], 48, (uint)index)));
        Assert.Equal((nuint)nested.Length, heap.Statistics.InUseBlocks);
        Assert.True(HeapCheck.IsValid(heap.State));
    }

    private static bool IsWritable(nuint address) => Mappings.At(address) is "rw-p";

    private static nuint Allocate(GuardedBlocks* guards, nuint size) =>
        (nuint)GuardedBlocks.Allocate(guards, size, Thread);

    private static GuardError Explain(GuardedBlocks* guards, void* address, out nuint block)
    {
        GuardError error = guards->Explain(address, out GuardSlot* slot);
        block = slot->Address;
        return error;
    }

    // Never unmapped: 64 KiB of address space for each block.
    private static GuardedBlocks* Create(nuint blocks, nuint interval = 1) => GuardedBlocks.TryCreate(
        new GuardOptions { Interval = interval, MaxBlocks = blocks, OnError = &OnError });

    private static void OnError(GuardedBlocks* guards, GuardError error, void* address) =>
        s_errors?.Add((error, (nuint)address));
}
