using System.Globalization;
using System.Linq;
using System.Text.RegularExpressions;

namespace Quarry.Cli.BeforeMain;

/// <summary>Reads the statistics at the marks from the standard error output of a program.</summary>
internal static partial class MarkReader
{
    /// <summary>
    /// Returns the statistics in the order of the marks. They may begin anywhere in a line, because the
    /// program writes to standard error as well.
    /// </summary>
    internal static AllocationStatistics[] Read(string error)
    {
        AllocationStatistics[] native =
        [
            .. NativeMark().Matches(error).Select(m => new AllocationStatistics(
                Number(m, 1), Number(m, 2), Number(m, 3), Number(m, 4))),
        ];
        long[] managed = [.. ManagedMark().Matches(error).Select(m => Number(m, 1))];
        return managed.Length == 0
            ? native
            : [.. native.Zip(managed, (statistics, bytes) => statistics with { ManagedBytes = bytes })];
    }

    private static long Number(Match match, int group) =>
        long.Parse(match.Groups[group].ValueSpan, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"counter: mark: (\d+) bytes in (\d+) blocks so far, (\d+) bytes in (\d+) blocks in use")]
    private static partial Regex NativeMark();

    [GeneratedRegex(@"managed: (\d+) bytes")]
    private static partial Regex ManagedMark();
}
