using System.IO;
using Quarry.Cli.Profiles.Model;

namespace Quarry.Cli.Profiles.Html;

/// <summary>Writes the difference of two profiles as one HTML file that needs nothing else.</summary>
internal static class HtmlComparison
{
    /// <summary>Writes the page.</summary>
    /// <param name="diff">The difference.</param>
    /// <param name="output">The writer, whose encoding must be UTF-8.</param>
    internal static void Write(ProfileDiff diff, TextWriter output) =>
        HtmlPage.Write(ComparisonData.Title(diff), ComparisonData.Write(diff), output);
}
