using Quarry.Cli.Profiles.Html;
using Quarry.Cli.Profiles.Model;

namespace Quarry.Cli.Profiles.Formats;

/// <summary>The formats of profiles and of comparisons.</summary>
internal static class ProfileFormats
{
    internal static FormatList<Profile> All { get; } = new(
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
    ]);

    internal static FormatList<ProfileDiff> OfComparisons { get; } =
        new([new TextDiff(), new JsonDiff(), new HtmlDiffFormat()]);
}
