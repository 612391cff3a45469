using System.Globalization;
using System.IO;
using System.Linq;
using Quarry.Cli.Profiles.Model;

namespace Quarry.Cli.Profiles.Formats;

/// <summary>The text that Go serves for <c>?debug=1</c>: for people, and still a profile for pprof.</summary>
internal static class GoHeapText
{
    internal static void Write(Profile profile, Stream output)
    {
        using StreamWriter writer = PlainText.Writer(output);

        // "heapprofile": not to be scaled.
        writer.WriteLine("heap profile: " + SymbolBlock.Totals(profile, " @ heapprofile"));
        foreach (SymbolizedSite site in profile.Sites.Where(site => site.Figures.Blocks > 0))
        {
            writer.WriteLine(SymbolBlock.Figures(site.Figures, " @ " + SymbolBlock.Stack(site)));
            foreach (Frame frame in site.Frames)
            {
                string address = string.Create(CultureInfo.InvariantCulture, $"0x{frame.Address:x}");
                writer.WriteLine($"#\t{address}\t{PlainText.OneLine(frame.Function)}\t{Place(frame)}");
            }

            writer.WriteLine();
        }

        SymbolBlock.WriteMappings(writer, profile.File);
    }

    private static string Place(Frame frame) =>
        PlainText.OneLine(frame.Source.Length > 0 ? frame.Source : frame.ModuleName);
}
