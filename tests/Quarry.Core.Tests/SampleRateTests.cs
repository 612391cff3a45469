using Xunit;

namespace Quarry.Core.Tests;

/// <summary>Tests the limit of the number of samples in a second.</summary>
public sealed class SampleRateTests
{
    private const nuint Least = 512 << 10, Largest = 512 << 20;
    private const ulong Second = 1_000_000_000;

    [Theory]
    [InlineData(1ul << 20, 1ul)]
    [InlineData(2ul << 30, 1ul)]
    [InlineData(4ul << 30, 2ul)]
    [InlineData(30ul << 30, 16ul)]
    [InlineData(100ul << 30, 64ul)]
    public void The_interval_settles_where_the_rate_is_below_the_limit(ulong bytesPerSecond, ulong factor)
    {
        SampleRate rate = new(Least, Largest, time: 0);
        nuint interval = Least;
        ulong time = 0;
        ulong samples = Run(ref rate, ref interval, ref time, bytesPerSecond, Second);
        Assert.Equal(factor * Least, interval);

        ulong again = Run(ref rate, ref interval, ref time, bytesPerSecond, Second);
        Assert.InRange(again, 0ul, SampleRate.MaxPerSecond);
        Assert.InRange(samples, again, again + 500);
    }

    [Fact]
    public void The_interval_shrinks_again_after_a_few_samples()
    {
        SampleRate rate = new(Least, Largest, time: 0);
        nuint interval = Least;
        ulong time = 0;
        _ = Run(ref rate, ref interval, ref time, 100ul << 30, Second);
        Assert.True(interval >= 32 * Least);
        ulong start = time;
        _ = Run(ref rate, ref interval, ref time, 100ul << 20, Second);
        Assert.Equal(Least, interval);
        Assert.InRange(time - start, Second, 2 * Second);
    }

    [Fact]
    public void The_interval_stays_between_its_bounds()
    {
        SampleRate rate = new(Least, 4 * Least, time: 0);
        nuint interval = Least;
        ulong time = 0;
        _ = Run(ref rate, ref interval, ref time, 1000ul << 30, Second / 10);
        Assert.Equal(4 * Least, interval);
        for (int sample = 0; sample < 1000; sample++)
        {
            time += Second;
            interval = rate.Next(interval, time);
            Assert.InRange(interval, Least, 4 * Least);
        }

        Assert.Equal(Least, interval);
    }

    [Fact]
    public void A_clock_that_stands_still_ends_at_the_largest_interval()
    {
        SampleRate rate = new(Least, Largest, time: 7);
        nuint interval = Least;
        for (int sample = 0; sample < 10_000; sample++)
        {
            interval = rate.Next(interval, 7);
        }

        Assert.Equal(Largest, interval);
    }

    // Samples at equal distances.
    private static ulong Run(
        ref SampleRate rate, ref nuint interval, ref ulong time, ulong bytesPerSecond, ulong duration)
    {
        ulong samples = 0;
        for (ulong end = time + duration; time < end; samples++)
        {
            time += (ulong)((double)interval / bytesPerSecond * Second);
            interval = rate.Next(interval, time);
        }

        return samples;
    }
}
