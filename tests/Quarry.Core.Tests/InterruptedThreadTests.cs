using System;
using System.Collections.Generic;
using Xunit;

namespace Quarry.Core.Tests;

/// <summary>
/// Tests calls while a slow path of the same thread is on the stack, and after a jump out of a slow path.
/// </summary>
public sealed unsafe class InterruptedThreadTests : IDisposable
{
    private readonly HeapFixture _heap = new(64 << 20);

    public void Dispose() => _heap.Dispose();

    [Fact]
    public void A_nested_call_is_served_by_a_second_thread_heap()
    {
        List<nuint> before = Take(100);
        byte* frame = stackalloc byte[16];
        Assert.True(ThreadLifetime.TryEnter(_heap.Thread, frame + 100_000));
        List<nuint> nested = Take(100);
        Frontend.Free((void*)before[0], _heap.Thread);
        Frontend.Free((void*)nested[0], _heap.Thread);
        ThreadLifetime.Leave(_heap.Thread);

        _ = HeapUpkeep.Trim(_heap.Thread);
        Assert.Equal(198u, _heap.Statistics.InUseBlocks);
        Assert.True(HeapCheck.IsValid(_heap.State));
        Assert.All(nested[1..], block => Assert.True(Pattern.Holds((void*)block, 3000, (uint)block)));
    }

    [Fact]
    public void A_slow_path_that_was_left_by_a_jump_is_found_and_repaired()
    {
        List<nuint> before = Take(100);
        Interrupt();
        List<nuint> after = Take(100);
        Assert.Equal(0u, _heap.Thread->Busy);
        Assert.Equal(200u, _heap.Statistics.InUseBlocks);
        Assert.True(HeapCheck.IsValid(_heap.State));
        Assert.All(before, block => Assert.True(Pattern.Holds((void*)block, 3000, (uint)block)));
        after.ForEach(block => Frontend.Free((void*)block, _heap.Thread));
        Assert.Equal(100u, _heap.Statistics.InUseBlocks);
    }

    private void Interrupt()
    {
        byte* frame = stackalloc byte[4096];
        Assert.True(ThreadLifetime.TryEnter(_heap.Thread, frame));

        // The state in the middle of making another page current.
        for (int sizeClass = 0; sizeClass < _heap.State->ClassCount; sizeClass++)
        {
            ThreadHeap.Current(_heap.Thread)[sizeClass] = null;
        }
    }

    private List<nuint> Take(int count)
    {
        List<nuint> blocks = [];
        for (int index = 0; index < count; index++)
        {
            void* block = Frontend.Allocate(3000, _heap.Thread);
            Pattern.Fill(block, 3000, (uint)(nuint)block);
            blocks.Add((nuint)block);
        }

        return blocks;
    }
}
