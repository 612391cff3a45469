using Xunit;

namespace Quarry.Core.Tests.MemoryOrder;

/// <summary>The bitmaps and hints of <see cref="Region"/> on a memory with weak order.</summary>
public sealed class RegionOrderTests
{
    private const int Seen = 0, Found = 1, Read = 2, Hints = 3;

    /// <summary>A word with a free slice has its bit in the summary.</summary>
    [Theory]
    [InlineData(Order.Full, Order.Full, true)]
    [InlineData(Order.AcquireRelease, Order.Full, false)]
    [InlineData(Order.Full, Order.AcquireRelease, false)]
    public void The_summary_covers_every_free_slice(Order free, Order clear, bool holds)
    {
        const int Free = 0, Summary = 1;
        ModelThread freeing = new ModelThread()
            .Modify(Found, _ => Free, (seen, _) => seen | 1, free)
            .Load(Read, _ => Summary, Order.Acquire)
            .Jump("end", r => r[Read] != 0)
            .Modify(Found, _ => Summary, (_, _) => 1, Order.Full);
        ModelThread clearing = new ModelThread()
            .Modify(Found, _ => Summary, (_, _) => 0, clear)
            .Load(Read, _ => Free, Order.Acquire)
            .Jump("end", r => r[Read] == 0)
            .Load(Read, _ => Summary, Order.Acquire)
            .Jump("end", r => r[Read] != 0)
            .Modify(Found, _ => Summary, (_, _) => 1, Order.Full);
        WeakMemoryModel model = new([0, 1], freeing, clearing);
        Assert.Equal(holds, model.Holds(state => state[Free] == 0 || state[Summary] == 1));
    }

    /// <summary>A search that passed a slice before it was freed does not hide it from later ones.</summary>
    [Theory]
    [InlineData(Order.Acquire, Order.Full, Order.Full, true)]
    [InlineData(Order.Acquire, Order.AcquireRelease, Order.Full, false)]
    [InlineData(Order.Acquire, Order.Full, Order.AcquireRelease, false)]
    public void No_hint_is_behind_a_free_slice(Order begin, Order raise, Order count, bool holds)
    {
        const int Free = 0, Frees = 1, Hint = 2, Slice = 3, HighWater = 9;
        ModelThread searching = new ModelThread()
            .Load(Seen, _ => Frees, begin)
            .Load(Hints, _ => Hint, Order.Acquire)
            .Load(Read, _ => Free, Order.Acquire)
            .Jump("end", r => r[Read] != 0)
            .Replace(Found, _ => Hint, r => r[Hints], _ => HighWater, raise)
            .Jump("end", r => r[Found] != r[Hints])
            .Load(Read, _ => Frees, Order.Acquire)
            .Jump("end", r => r[Read] == r[Seen])
            .Replace(Found, _ => Hint, _ => HighWater, _ => 0, Order.Full);
        ModelThread freeing = new ModelThread()
            .Modify(Found, _ => Free, (_, _) => 1, Order.Full)
            .Modify(Found, _ => Frees, (seen, _) => seen + 1, count)
            .At("lower")
            .Load(Seen, _ => Hint, Order.Acquire)
            .Jump("end", r => r[Seen] <= Slice)
            .Replace(Found, _ => Hint, r => r[Seen], _ => Slice, Order.Full)
            .Jump("lower", r => r[Found] != r[Seen]);
        WeakMemoryModel model = new([0, 0, 0], searching, freeing);
        Assert.Equal(holds, model.Holds(state => state[Hint] <= Slice));
    }
}
