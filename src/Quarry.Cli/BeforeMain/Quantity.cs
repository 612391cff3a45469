using System.Collections.Generic;
using System.Linq;

namespace Quarry.Cli.BeforeMain;

/// <summary>One figure of several runs of the same program.</summary>
/// <param name="Median">The middle one, and always one that was seen.</param>
/// <param name="Minimum">The least one.</param>
/// <param name="Maximum">The greatest one.</param>
internal sealed record Quantity(long Median, long Minimum, long Maximum)
{
    internal bool Varies => Minimum != Maximum;

    internal static Quantity Of(IEnumerable<long> values)
    {
        long[] sorted = [.. values.Order()];
        return new Quantity(sorted[(sorted.Length - 1) / 2], sorted[0], sorted[^1]);
    }
}
