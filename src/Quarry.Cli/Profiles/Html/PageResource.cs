using System.IO;

namespace Quarry.Cli.Profiles.Html;

/// <summary>Reads the parts of the page, which are embedded in the command.</summary>
internal static class PageResource
{
    internal static string Read(string name)
    {
        using Stream stream = typeof(PageResource).Assembly.GetManifestResourceStream("Html/" + name)!;
        using StreamReader reader = new(stream);
        return reader.ReadToEnd();
    }
}
