using System.Collections.Generic;
using System.Linq;

namespace Quarry.Cli.BeforeMain;

/// <summary>Represents a value from several runs of the same program.</summary>
/// <param name="Median">The lower median, which is the value of one of the runs.</param>
/// <param name="Minimum">The smallest value.</param>
/// <param name="Maximum">The largest value.</param>
internal sealed record Quantity(long Median, long Minimum, long Maximum)
{
    internal bool Varies => Minimum != Maximum;

    internal static Quantity Of(IEnumerable<long> values)
    {
        long[] sorted = [.. values.Order()];
        return new Quantity(sorted[(sorted.Length - 1) / 2], sorted[0], sorted[^1]);
    }
}
