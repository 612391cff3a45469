using System.Globalization;
using System.Linq;
using System.Text.RegularExpressions;

namespace Quarry.Cli.BeforeMain;

/// <summary>Finds the figures of the marks in what a program wrote to standard error.</summary>
internal static partial class MarkReader
{
    /// <summary>
    /// The figures by their order. They may stand anywhere in a line: the program writes there as well.
    /// </summary>
    internal static Figures[] Read(string error)
    {
        Figures[] native =
        [
            .. NativeMark().Matches(error).Select(m => new Figures(
                Number(m, 1), Number(m, 2), Number(m, 3), Number(m, 4))),
        ];
        long[] managed = [.. ManagedMark().Matches(error).Select(m => Number(m, 1))];
        return managed.Length == 0
            ? native
            : [.. native.Zip(managed, (figures, bytes) => figures with { ManagedBytes = bytes })];
    }

    private static long Number(Match match, int group) =>
        long.Parse(match.Groups[group].ValueSpan, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"counter: mark: (\d+) bytes in (\d+) blocks so far, (\d+) bytes in (\d+) blocks in use")]
    private static partial Regex NativeMark();

    [GeneratedRegex(@"managed: (\d+) bytes")]
    private static partial Regex ManagedMark();
}
