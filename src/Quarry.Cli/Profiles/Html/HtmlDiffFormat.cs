using System.IO;
using Quarry.Cli.Profiles.Formats;
using Quarry.Cli.Profiles.Model;

namespace Quarry.Cli.Profiles.Html;

/// <summary>A page for the browser that needs no other file and no network.</summary>
internal sealed class HtmlDiffFormat : IFormat<ProfileDiff>
{
    public string Name => "html";

    public string Extension => ".html";

    public bool IsText => false;

    public void Write(ProfileDiff diff, Stream output, FormatOptions options)
    {
        using StreamWriter writer = new(output, leaveOpen: true);
        HtmlComparison.Write(diff, writer);
    }
}
