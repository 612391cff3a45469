using System.IO;
using Quarry.Cli.Profiles.Model;

namespace Quarry.Cli.Profiles.Formats;

/// <summary>The heap profile of gperftools, for google-pprof and others, with names.</summary>
internal sealed class GperftoolsFormat : IFormat<Profile>
{
    public string Name => "gperftools";

    public string Extension => ".gperf.heap";

    public bool IsText => true;

    public void Write(Profile profile, Stream output, FormatOptions options)
    {
        using StreamWriter writer = PlainText.Writer(output);
        SymbolBlock.WriteSymbols(writer, profile);

        // "heapprofile": not to be scaled. google-pprof accepts no line between the symbols and this one.
        writer.WriteLine("heap profile: " + SymbolBlock.Totals(profile, " @ heapprofile"));
        foreach (SymbolizedSite site in profile.Sites)
        {
            writer.WriteLine(SymbolBlock.Figures(site.Figures, " @ " + SymbolBlock.Stack(site)));
        }

        SymbolBlock.WriteMappings(writer, profile.File);
    }
}
