using System;
using System.Collections.Generic;
using System.Linq;

namespace Quarry.Tools.Benchmarking;

/// <summary>Repeated measurements of one quantity, summed up.</summary>
/// <param name="Median">The middle one.</param>
/// <param name="Minimum">The least one.</param>
/// <param name="Spread">The range of the middle half, as a share of the median.</param>
internal sealed record Sample(double Median, double Minimum, double Spread)
{
    internal static Sample Of(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        double median = Quantile(sorted, 0.5);
        double middleHalf = Quantile(sorted, 0.75) - Quantile(sorted, 0.25);
        return new Sample(median, sorted[0], median > 0 ? middleHalf / median : 0);
    }

    /// <summary>The middle one; between the two middle ones if their number is even.</summary>
    internal static double MedianOf(IEnumerable<double> values) => Quantile([.. values.Order()], 0.5);

    internal static double GeometricMean(IEnumerable<double> ratios) =>
        Math.Exp(ratios.Select(r => Math.Log(r)).Average());

    /// <summary>Between two measurements the line through them counts.</summary>
    private static double Quantile(double[] sorted, double share)
    {
        double position = share * (sorted.Length - 1);
        int below = (int)position;
        int above = Math.Min(below + 1, sorted.Length - 1);
        return sorted[below] + ((sorted[above] - sorted[below]) * (position - below));
    }
}
