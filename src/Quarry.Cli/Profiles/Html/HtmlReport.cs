using System.IO;
using Quarry.Cli.Profiles.Model;

namespace Quarry.Cli.Profiles.Html;

/// <summary>Writes a profile as one HTML file that needs nothing else.</summary>
internal static class HtmlReport
{
    /// <summary>Writes the page.</summary>
    /// <param name="profile">The profile.</param>
    /// <param name="output">The writer, whose encoding must be UTF-8.</param>
    internal static void Write(Profile profile, TextWriter output) =>
        HtmlPage.Write(profile.ProgramName, ReportData.Write(profile), output);
}
