using System.Collections.Generic;
using System.Linq;
using System.Threading.Tasks;
using Xunit;

namespace Quarry.Core.Tests;

public unsafe class StateHandleTests
{
    [Fact]
    public void A_state_is_zeroed_and_aligned_and_shared_by_copies()
    {
        Assert.True(StateHandle<Big>.TryCreate(out StateHandle<Big> handle));
        Assert.Equal(0u, (nuint)handle.Pointer % 16);
        Assert.Equal(0, handle.Pointer->Last);
        StateHandle<Big> copy = handle;
        copy.Pointer->Last = 7;
        Assert.Equal(7, handle.Pointer->Last);
        Assert.True(handle.TryRetire());
        handle.Release();
    }

    [Fact]
    public void A_state_ends_once_for_all_copies()
    {
        Assert.True(StateHandle<int>.TryCreate(out StateHandle<int> handle));
        StateHandle<int> copy = handle;
        Assert.True(copy.IsAlive);
        Assert.True(handle.TryRetire());
        Assert.False(copy.TryRetire());
        Assert.False(copy.IsAlive);
        handle.Release();
        Assert.True(StateHandle<int>.TryCreate(out StateHandle<int> next));
        Assert.True(next.Pointer == handle.Pointer);
        Assert.Equal(0, *next.Pointer);
        Assert.False(copy.IsAlive);
        Assert.False(copy.TryRetire());
        Assert.True(next.IsAlive);
        Assert.True(next.TryRetire());
        next.Release();
    }

    [Fact]
    public void The_default_value_has_no_state()
    {
        StateHandle<int> none = default;
        Assert.True(none.IsDefault);
        Assert.False(none.IsAlive);
        Assert.False(none.TryRetire());
    }

    [Fact]
    public void What_exceeds_a_slot_is_refused()
    {
        Assert.False(StateHandle<TooBig>.TryCreate(out StateHandle<TooBig> handle));
        Assert.True(handle.IsDefault);
    }

    [Fact]
    public void Threads_never_share_a_state()
    {
        Parallel.For(0, 8, worker =>
        {
            Queue<StateHandle<nuint>> mine = new();
            for (int round = 0; round < 20_000; round++)
            {
                Assert.True(StateHandle<nuint>.TryCreate(out StateHandle<nuint> handle));
                Assert.Equal(0u, *handle.Pointer);
                *handle.Pointer = handle.Serial;
                mine.Enqueue(handle);
                if (mine.Count > 32)
                {
                    StateHandle<nuint> oldest = mine.Dequeue();
                    Assert.Equal(oldest.Serial, *oldest.Pointer);
                    Assert.True(oldest.TryRetire());
                    oldest.Release();
                }
            }

            Assert.Equal(mine.Count, mine.Select(handle => handle.Serial).Distinct().Count());
        });
    }

    private struct Big
    {
#pragma warning disable CS0649 // room
        public fixed byte Bytes[4000];
#pragma warning restore CS0649
        public int Last;
    }

    private struct TooBig
    {
#pragma warning disable CS0649 // room
        public fixed byte Bytes[5000];
#pragma warning restore CS0649
    }
}
