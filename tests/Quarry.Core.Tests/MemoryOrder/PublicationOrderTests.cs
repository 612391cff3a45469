using Xunit;

namespace Quarry.Core.Tests.MemoryOrder;

/// <summary>
/// A word that is stored last, and read first, publishes what was stored before: the state of a page
/// (<see cref="PageQueues.SetFull"/>), an entry of the <see cref="PageMap"/>, the version of a heap
/// (<see cref="ThreadLifetime"/>), the wish for progress (<see cref="HeapState.Progress"/>), a lender
/// (<see cref="ThreadLifetime.AcquireLender"/>).
/// </summary>
public sealed class PublicationOrderTests
{
    [Theory]
    [InlineData(Order.Release, Order.Acquire, true)]
    [InlineData(Order.Plain, Order.Acquire, false)]
    [InlineData(Order.Release, Order.Plain, false)]
    public void The_last_store_releases_and_the_first_load_acquires(Order store, Order load, bool holds)
    {
        const int Data = 0, Flag = 1, Read = 0;
        ModelThread writer = new ModelThread()
            .Store(_ => Data, _ => 1, Order.Plain)
            .Store(_ => Flag, _ => 1, store);
        ModelThread reader = new ModelThread()
            .Load(Read, _ => Flag, load)
            .Jump("end", r => r[Read] == 0)
            .Load(Read, _ => Data, Order.Plain)
            .Check(r => r[Read] == 1);
        Assert.Equal(holds, new WeakMemoryModel([0, 0], writer, reader).Holds(_ => true));
    }

    /// <summary>A version that is read after what it covers would claim changes that were not read.</summary>
    [Theory]
    [InlineData(true, true)]
    [InlineData(false, false)]
    public void A_version_is_read_before_what_it_covers(bool versionFirst, bool holds)
    {
        const int Value = 0, Version = 1, Read = 0, Seen = 1;
        ModelThread writer = new ModelThread()
            .Store(_ => Value, _ => 1, Order.Release)
            .Modify(Read, _ => Version, (seen, _) => seen + 1, Order.Full);
        ModelThread reader = new();
        _ = versionFirst
            ? reader.Load(Seen, _ => Version, Order.Acquire).Load(Read, _ => Value, Order.Acquire)
            : reader.Load(Read, _ => Value, Order.Acquire).Load(Seen, _ => Version, Order.Acquire);
        _ = reader.Check(r => r[Seen] == 0 || r[Read] == 1);
        Assert.Equal(holds, new WeakMemoryModel([0, 0], writer, reader).Holds(_ => true));
    }

    /// <summary>The known results of small programs: what the model allows, and what it forbids.</summary>
    [Theory]
    [InlineData(Order.Plain, false)]
    [InlineData(Order.AcquireRelease, false)]
    [InlineData(Order.Full, true)]
    public void Stores_are_buffered_unless_there_are_fences(Order exchange, bool holds)
    {
        ModelThread[] threads = [Exchanging(0), Exchanging(1)];
        Assert.Equal(holds, new WeakMemoryModel([0, 0], threads).Holds(state =>
            state.Registers[0][1] == 1 || state.Registers[1][1] == 1));

        ModelThread Exchanging(int word) => new ModelThread()
            .Modify(0, _ => word, (_, _) => 1, exchange)
            .Load(1, _ => 1 - word, Order.Acquire);
    }

    [Fact]
    public void Loads_of_one_word_are_in_order()
    {
        ModelThread writer = new ModelThread()
            .Store(_ => 0, _ => 1, Order.Plain).Store(_ => 0, _ => 2, Order.Plain);
        ModelThread reader = new ModelThread().Load(0, _ => 0, Order.Plain).Load(1, _ => 0, Order.Plain)
            .Check(r => r[0] <= r[1]);
        Assert.True(new WeakMemoryModel([0], writer, reader).Holds(_ => true));
    }
}
