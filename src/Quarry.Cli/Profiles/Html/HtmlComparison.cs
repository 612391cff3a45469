using System.IO;
using Quarry.Cli.Profiles.Model;

namespace Quarry.Cli.Profiles.Html;

/// <summary>Writes the differences between two profiles as one HTML file that needs nothing else.</summary>
internal static class HtmlComparison
{
    /// <summary>Writes the page.</summary>
    /// <param name="before">The profile to compare with.</param>
    /// <param name="after">The profile whose changes are shown.</param>
    /// <param name="output">The writer, whose encoding must be UTF-8.</param>
    internal static void Write(Profile before, Profile after, TextWriter output) =>
        HtmlPage.Write(ComparisonData.Title(before, after), ComparisonData.Write(before, after), output);
}
