using System.Linq;
using Xunit;

namespace Quarry.Tests.Buffers;

/// <summary>Which returns of a thread read the clock.</summary>
public sealed class ClockPaceTests
{
    private const long IdleTime = 10_000;

    private ClockPace _pace;

    [Fact]
    public void Returns_that_follow_each_other_fast_read_it_less_and_less_often()
    {
        int[] reads = [.. Enumerable.Range(0, 200).Where(_ => Return(now: 1_000_000))];
        Assert.Equal([0, 1, 3, 7, 15, 31, 63, 127, 191], reads);
    }

    [Fact]
    public void Returns_that_follow_each_other_slowly_all_read_it()
    {
        _ = Enumerable.Range(0, 100).Count(_ => Return(now: 1_000_000));
        int unread = Enumerable.Range(0, ClockPace.MaxInterval).TakeWhile(_ => !Return(2_000_000)).Count();
        Assert.InRange(unread, 0, ClockPace.MaxInterval - 1);
        Assert.All(Enumerable.Range(1, 100), step => Assert.True(Return(2_000_000 + (step * IdleTime / 50))));
    }

    private bool Return(long now)
    {
        bool reads = _pace.IsDue();
        if (reads)
        {
            _pace.Next(now, IdleTime);
        }

        return reads;
    }
}
