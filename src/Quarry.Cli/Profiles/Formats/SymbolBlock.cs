using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using Quarry.Cli.Profiles.Model;
using Quarry.Profiles;

namespace Quarry.Cli.Profiles.Formats;

/// <summary>What the formats of jeprof and google-pprof have in common: symbols, stacks, mappings.</summary>
internal static class SymbolBlock
{
    /// <summary>Writes the symbols, so that no binary is needed.</summary>
    internal static void WriteSymbols(TextWriter writer, Profile profile)
    {
        writer.WriteLine("--- symbol");
        writer.WriteLine($"binary={PlainText.OneLine(profile.ProgramName)}");
        Dictionary<ulong, string> names = [];
        foreach (IReadOnlyList<Frame> frames in profile.Sites.SelectMany(site => site.Addresses))
        {
            names.TryAdd(Address(frames), string.Join("--", frames.Reverse().Select(Name)));
        }

        foreach ((ulong address, string name) in names.OrderBy(pair => pair.Key))
        {
            writer.WriteLine($"{Hexadecimal(address)} {name}");
        }

        writer.WriteLine("---");
    }

    /// <summary>
    /// The addresses of a stack. Readers look up the first one as it is and subtract 1 from the others.
    /// </summary>
    internal static string Stack(SymbolizedSite site) => string.Join(' ', site.Addresses.Select(
        (frames, index) => Hexadecimal(Address(frames) + (index == 0 ? 0ul : 1ul))));

    /// <summary>The figures of a site. Readers reject a record that has bytes but no block.</summary>
    internal static string Figures(RecordedSite site, string accumulated)
    {
        long live = Blocks(site.LiveBlocks, site.LiveBytes), all = Blocks(site.Blocks, site.Bytes);
        return string.Create(CultureInfo.InvariantCulture,
            $"{live}: {site.LiveBytes} [{all}: {site.Bytes}]{accumulated}");
    }

    /// <summary>The sum of the figures of the sites, as they are written.</summary>
    internal static string Totals(Profile profile, string suffix)
    {
        RecordedSite[] sites = [.. profile.Sites.Select(site => site.Figures)];
        return string.Create(CultureInfo.InvariantCulture,
            $"{sites.Sum(s => Blocks(s.LiveBlocks, s.LiveBytes))}: {sites.Sum(s => s.LiveBytes)} ") +
            string.Create(CultureInfo.InvariantCulture,
            $"[{sites.Sum(s => Blocks(s.Blocks, s.Bytes))}: {sites.Sum(s => s.Bytes)}]{suffix}");
    }

    /// <summary>Writes the modules as lines of /proc/PID/maps.</summary>
    internal static void WriteMappings(TextWriter writer, ProfileFile file)
    {
        writer.WriteLine();
        writer.WriteLine("MAPPED_LIBRARIES:");
        foreach (RecordedModule module in file.Modules)
        {
            writer.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{module.Start:x}-{module.End:x} r-xp {module.Start - module.LoadBias:x8} 00:00 0 ") +
                PlainText.OneLine(module.Path));
        }
    }

    private static long Blocks(double blocks, long bytes) =>
        Math.Max(bytes > 0 ? 1 : 0, (long)Math.Round(blocks));

    // Address 0 ends a stack in these readers.
    private static ulong Address(IReadOnlyList<Frame> frames) => Math.Max(1, frames[^1].Address);

    // Two hyphens separate inlined functions.
    private static string Name(Frame frame) => PlainText.OneLine(frame.Function).Replace("--", "- -");

    private static string Hexadecimal(ulong address) =>
        string.Create(CultureInfo.InvariantCulture, $"0x{address:x}");
}
