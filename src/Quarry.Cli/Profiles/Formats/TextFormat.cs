using System.Collections.Generic;
using System.IO;
using System.Linq;
using Quarry.Cli.Profiles.Model;

namespace Quarry.Cli.Profiles.Formats;

/// <summary>A summary for people: figures, then the top sites by each metric, or by one.</summary>
internal sealed class TextFormat : IFormat<Profile>
{
    private const int TopOfEach = 5, TopOfOne = 20;

    public string Name => "text";

    public string Extension => ".txt";

    public bool IsText => true;

    public void Write(Profile profile, Stream output, FormatOptions options)
    {
        using StreamWriter writer = PlainText.Writer(output);
        TextSummary.Write(writer, profile);
        IReadOnlyList<SiteGroup> groups = SiteGroup.Of(profile.Sites, options.ShowRuntime);
        TextSites sites = new(writer, profile, groups);
        if (options.Sort is not null)
        {
            sites.Write(options.Sort, options.Top ?? TopOfOne);
            return;
        }

        foreach (SiteMetric metric in SiteMetric.All)
        {
            if (groups.Any(group => group.Value(metric) > 0))
            {
                sites.Write(metric, options.Top ?? TopOfEach);
            }
        }

        ManagedSites.Write(writer, profile.Managed, options.Top ?? TopOfEach);
        sites.WriteAdHoc(options.Top ?? TopOfEach, options.ShowRuntime);
    }
}
