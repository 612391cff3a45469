using System.Collections.Generic;
using System.Linq;
using Quarry.Cli.Profiles.Html;

namespace Quarry.Cli.Profiles.Formats;

/// <summary>The formats there are.</summary>
internal static class ProfileFormats
{
    internal static IReadOnlyList<IProfileFormat> All { get; } =
    [
        new TextFormat(),
        new JsonFormat(),
        new HtmlFormat(),
        new CollapsedFormat(),
        new PprofFormat(),
        new DhatFormat(),
        new JeprofFormat(),
        new GperftoolsFormat(),
        new HeaptrackFormat(),
        new SpeedscopeFormat(),
    ];

    internal static string Names => string.Join(", ", All.Select(format => format.Name));

    internal static IProfileFormat Default => All[0];

    internal static IProfileFormat Named(string name) => All.FirstOrDefault(f => f.Name == name) ??
        throw new QuarryException($"unknown format '{name}': expected one of {Names}");
}
