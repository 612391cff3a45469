using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;

namespace Quarry;

/// <summary>Blocks that were taken and not given back, by the site that took them.</summary>
public sealed class LeakReport
{
    private LeakReport(IReadOnlyList<Leak> leaks) => Leaks = leaks;

    /// <summary>The sites, the one with the most bytes first.</summary>
    public IReadOnlyList<Leak> Leaks { get; }

    /// <summary>How many blocks there are.</summary>
    public nuint Blocks => Leaks.Aggregate((nuint)0, (sum, leak) => sum + leak.Blocks);

    /// <summary>Their sizes together, as they were asked for.</summary>
    public nuint Bytes => Leaks.Aggregate((nuint)0, (sum, leak) => sum + leak.Bytes);

    internal static LeakReport Empty { get; } = new([]);

    /// <summary>The sites with their stacks; one line if there is no leak.</summary>
    public override string ToString()
    {
        string total = string.Create(
            CultureInfo.InvariantCulture, $"{Blocks} blocks of {Bytes} bytes together were not given back.");
        return string.Join(Environment.NewLine + "  ", Leaks.Select(leak => leak.ToString()).Prepend(total));
    }

    internal static LeakReport Of(ReadOnlySpan<LiveBlock> blocks)
    {
        Dictionary<nuint, (nuint Blocks, nuint Bytes)> sites = [];
        foreach (LiveBlock block in blocks)
        {
            (nuint count, nuint bytes) = sites.GetValueOrDefault(block.AllocatedAt);
            sites[block.AllocatedAt] = (count + 1, bytes + block.Layout.Size);
        }

        return new LeakReport(
        [
            .. from site in sites
               orderby site.Value.Bytes descending, site.Value.Blocks descending
               select new Leak(AllocationSite.Of(site.Key), site.Value.Blocks, site.Value.Bytes),
        ]);
    }
}
