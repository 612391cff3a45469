using System;
using System.Globalization;
using System.Linq;
using Xunit;

namespace Quarry.Core.Tests;

/// <summary>Tests that estimates from samples have the expected value and variance.</summary>
/// <remarks>
/// Each round is a heap with other blocks and other samples, both from seeds, so that a run repeats. The
/// error of an estimate, divided by the standard deviation that follows from the sizes of all blocks, has
/// the mean 0 and the standard deviation 1. <c>QUARRY_SAMPLING_ROUNDS</c> sets the number of rounds.
/// </remarks>
public sealed class SamplingEstimateTests
{
    private static readonly int s_rounds = int.Parse(
        Environment.GetEnvironmentVariable("QUARRY_SAMPLING_ROUNDS") ?? "200", CultureInfo.InvariantCulture);

    [Theory]
    [InlineData(16, 1 << 10)]
    [InlineData(16, 8 << 10)]
    [InlineData(16, 1 << 20)]
    [InlineData(64, 1 << 10)]
    [InlineData(64, 8 << 10)]
    [InlineData(64, 1 << 20)]
    [InlineData(512, 1 << 10)]
    [InlineData(512, 8 << 10)]
    [InlineData(512, 1 << 20)]
    public void Total_and_live_bytes_are_estimated_without_bias(int kibibytes, int largest)
    {
        double[] total = new double[s_rounds];
        double[] live = new double[s_rounds];
        for (int round = 0; round < s_rounds; round++)
        {
            using SampledWorkload workload = new(round, (nuint)kibibytes << 10, largest);
            workload.Run();
            (total[round], live[round]) = workload.Errors();
        }

        IsStandard(total, "total");
        IsStandard(live, "live");
    }

    private static void IsStandard(double[] errors, string what)
    {
        double mean = errors.Average();
        double squares = errors.Sum(error => (error - mean) * (error - mean));
        double deviation = Math.Sqrt(squares / (errors.Length - 1));
        string figures = string.Create(
            CultureInfo.InvariantCulture, $"{what}: mean {mean:F3}, standard deviation {deviation:F3}");
        TestContext.Current.TestOutputHelper?.WriteLine(figures);
        Assert.True(Math.Abs(mean) < 3 / Math.Sqrt(errors.Length), figures);
        Assert.True(deviation is > 0.85 and < 1.15, figures);
    }
}
