using System.IO;
using Quarry.Cli.Profiles.Model;

namespace Quarry.Cli.Profiles.Formats;

/// <summary>The heap profile of jemalloc, for jeprof, with names.</summary>
/// <remarks>
/// The interval is 1, which keeps jeprof from scaling: the figures of a sampled profile are estimates
/// already.
/// </remarks>
internal sealed class JeprofFormat : IFormat<Profile>
{
    public string Name => "jeprof";

    public string Extension => ".heap";

    public bool IsText => true;

    public void Write(Profile profile, Stream output, FormatOptions options)
    {
        using StreamWriter writer = PlainText.Writer(output);
        SymbolBlock.WriteSymbols(writer, profile);
        writer.WriteLine("--- heap");
        writer.WriteLine("heap_v2/1");
        writer.WriteLine("  t*: " + SymbolBlock.Totals(profile, ""));
        foreach (SymbolizedSite site in profile.Sites)
        {
            writer.WriteLine("@ " + SymbolBlock.Stack(site));
            writer.WriteLine("  t*: " + SymbolBlock.Figures(site.Figures, ""));
        }

        SymbolBlock.WriteMappings(writer, profile.File);
    }
}
