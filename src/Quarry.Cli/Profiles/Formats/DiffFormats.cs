using System.Collections.Generic;
using System.Linq;
using Quarry.Cli.Profiles.Html;

namespace Quarry.Cli.Profiles.Formats;

/// <summary>The formats of differences there are.</summary>
internal static class DiffFormats
{
    internal static IReadOnlyList<IDiffFormat> All { get; } =
        [new TextDiff(), new JsonDiff(), new HtmlDiffFormat()];

    internal static string Names => string.Join(", ", All.Select(format => format.Name));

    internal static IDiffFormat Default => All[0];

    internal static IDiffFormat Named(string name) => All.FirstOrDefault(f => f.Name == name) ??
        throw new QuarryException($"unknown format '{name}': expected one of {Names}");
}
