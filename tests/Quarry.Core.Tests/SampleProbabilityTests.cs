using System;
using Xunit;

namespace Quarry.Core.Tests;

/// <summary>Tests the probability of a sample, and the weights made of it.</summary>
public sealed class SampleProbabilityTests
{
    [Fact]
    public void Agrees_with_the_mathematical_library()
    {
        for (double x = 1e-12; x < 100; x *= 1.01)
        {
            // The library's expm1 is not available; for small x two terms more than needed.
            double expected = x < 1e-3
                ? x * (1 - (x / 2 * (1 - (x / 3 * (1 - (x / 4 * (1 - (x / 5))))))))
                : 1 - Math.Exp(-x);
            Assert.Equal(1, SampleProbability.Of(x) / expected, 1e-13);
        }
    }

    [Fact]
    public void Is_certain_for_blocks_far_larger_than_the_interval()
    {
        Assert.Equal(1, SampleProbability.Of(1e9));
        Assert.Equal(0, SampleProbability.Of(0));
    }

    [Theory]
    [InlineData(16, 512 * 1024)]
    [InlineData(1000, 512 * 1024)]
    [InlineData(512 * 1024, 512 * 1024)]
    [InlineData(1 << 30, 512 * 1024)]
    public void Weight_is_the_size_divided_by_the_probability(int size, int interval)
    {
        double p = 1 - Math.Exp(-(double)size / interval);
        SiteAmount amount = SiteAmount.OfSample((nuint)size - 1, (nuint)size, (nuint)size, (nuint)interval);
        double requested = size - 1;
        Assert.InRange(amount.Bytes, (requested / p * (1 - 1e-6)) - 1, (requested / p * (1 + 1e-6)) + 1);
        Assert.InRange(amount.UsableBytes, (size / p * (1 - 1e-6)) - 1, (size / p * (1 + 1e-6)) + 1);
        Assert.InRange(amount.Blocks, (1024 / p * (1 - 1e-6)) - 1, (1024 / p * (1 + 1e-6)) + 1);
        Assert.Equal((ulong)size - 1, amount.Size);
        Assert.True(Math.Abs(amount.Variance - (requested * requested * (1 - p) / p / p))
            <= 1e-6 * size * size / p / p);
    }

    [Fact]
    public void An_interval_of_one_counts_each_block_for_itself()
    {
        SiteAmount amount = SiteAmount.OfSample(10, 16, 16, 1), exact = SiteAmount.OfBlock(10, 16);
        Assert.Equal((exact.Bytes, exact.Blocks, exact.UsableBytes, exact.Variance),
            (amount.Bytes, amount.Blocks, amount.UsableBytes, amount.Variance));
    }
}
