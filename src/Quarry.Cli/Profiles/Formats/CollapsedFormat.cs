using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text;
using Quarry.Cli.Profiles.Model;

namespace Quarry.Cli.Profiles.Formats;

/// <summary>
/// One line for each stack, outermost frame first, and its weight: what flamegraph.pl and others read.
/// </summary>
internal sealed class CollapsedFormat : IFormat<Profile>
{
    public string Name => "collapsed";

    public string Extension => ".collapsed";

    public bool IsText => true;

    public void Write(Profile profile, Stream output, FormatOptions options)
    {
        SiteMetric metric = options.Sort ?? SiteMetric.Live;
        IEnumerable<(string Stack, double Weight)> lines = profile.Sites
            .GroupBy(site => Stack(FoldedStack.Of(site.Frames, options.ShowRuntime)))
            .Select(group => (group.Key, Weight: group.Sum(site => metric.Value(site.Figures))))
            .Where(line => line.Weight >= 0.5)
            .OrderByDescending(line => line.Weight)
            .ThenBy(line => line.Key, StringComparer.Ordinal);
        using StreamWriter writer = PlainText.Writer(output);
        foreach ((string stack, double weight) in options.Top is { } top ? lines.Take(top) : lines)
        {
            writer.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{stack} {weight:0}"));
        }
    }

    private static string Stack(IReadOnlyList<Frame> frames) =>
        string.Join(';', frames.Reverse().Select(frame => Text(frame.Function)));

    /// <summary>A semicolon separates frames; there is no way to escape one.</summary>
    private static string Text(string function) => new StringBuilder(PlainText.OneLine(function))
        .Replace(';', ':').ToString();
}
