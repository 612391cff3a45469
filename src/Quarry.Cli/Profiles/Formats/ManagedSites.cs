using System.IO;
using System.Linq;
using Quarry.Cli.Profiles.Model;

namespace Quarry.Cli.Profiles.Formats;

/// <summary>Writes the sites that allocate most on the managed heap, for the text format.</summary>
internal static class ManagedSites
{
    internal static void Write(TextWriter writer, ManagedAllocations? managed, int top)
    {
        if (managed is null)
        {
            return;
        }

        // Sites differ by the addresses of their frames, which a reader does not see.
        ManagedAllocations[] groups =
        [
            .. managed.Sites
                .GroupBy(site => site.Type + '\n' + string.Join('\n', site.Frames.Select(Key)))
                .Select(group => managed with { Sites = [.. group] })
                .OrderByDescending(group => group.Bytes),
        ];
        ManagedAllocations[] shown = [.. groups.Take(top)];
        writer.WriteLine(FigureText.Invariant(
            $"Top {shown.Length} of {FigureText.Count(groups.Length, "site")} by managed allocations\n"));
        foreach (ManagedAllocations group in shown)
        {
            string size = FigureText.Bytes(group.Bytes, group.Error);
            string share = FigureText.Share(group.Bytes, managed.Bytes);
            string count = FigureText.Count(group.Sites.Sum(site => site.Objects), "object");
            string type = PlainText.OneLine(group.Sites[0].Type);
            writer.WriteLine($"  {size} ({share}) in {count} of {type}");
            TextSites.WriteStack(writer, group.Sites[0].Frames);
        }
    }

    private static string Key(Frame frame) => $"{frame.Function}\t{frame.Module}\t{frame.File}\t{frame.Line}";
}
