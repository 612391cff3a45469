using Xunit;

namespace Quarry.Core.Tests.MemoryOrder;

/// <summary>
/// A page that its owner frees the last block of, while another thread has all others
/// (<see cref="RemoteQueue.Relieve"/>).
/// </summary>
public sealed class RelieveOrderTests
{
    // The words of the page: the list, the number of used blocks, and the place.
    private const int List = 0, Used = 1, Place = 2, Words = 3;

    private const int Empty = 0, OfOwner = 1;
    private const int Posted = 5, Full = 1, None = 0, Available = 2;
    private const int Read = 0, Reused = 100;

    [Theory]
    [InlineData(true, Order.Release, true)]
    [InlineData(true, Order.Plain, false)]
    [InlineData(false, Order.Release, false)]
    public void A_slow_path_ends_the_state_before_it_counts(bool placeFirst, Order order, bool holds)
    {
        ModelThread owner = new ModelThread().Store(_ => List, _ => OfOwner, order);
        if (placeFirst)
        {
            _ = owner.Store(_ => Place, _ => None, order);
        }

        _ = owner.Store(_ => Used, _ => Posted, order).Store(_ => Place, _ => Available, order);
        Assert.Equal(holds, IsTouchedByOne(owner));
    }

    [Fact]
    public void The_fast_path_counts_last()
    {
        ModelThread owner = new ModelThread()
            .Store(_ => List, _ => OfOwner, Order.Release)
            .Store(_ => Used, _ => Posted, Order.Release);
        Assert.True(IsTouchedByOne(owner));
    }

    // The reliever reuses the page; a store of the owner behind that would destroy what it holds.
    private static bool IsTouchedByOne(ModelThread owner)
    {
        ModelThread reliever = new ModelThread()
            .Load(Read, _ => Used, Order.Acquire)
            .Jump("end", r => r[Read] != Posted)
            .Load(Read, _ => List, Order.Acquire)
            .Jump("end", r => r[Read] != OfOwner)
            .Load(Read, _ => Place, Order.Acquire)
            .Jump("end", r => r[Read] != Full)
            .Store(_ => List, _ => Reused, Order.Release)
            .Store(_ => Used, _ => Reused, Order.Release)
            .Store(_ => Place, _ => Reused, Order.Release);
        int[] initial = new int[Words];
        (initial[List], initial[Used], initial[Place]) = (Empty, Posted + 1, Full);
        return new WeakMemoryModel(initial, owner, reliever).Holds(state =>
            (state[List] == Reused) == (state[Place] == Reused)
            && (state[List] == Reused) == (state[Used] == Reused));
    }
}
