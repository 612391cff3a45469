using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;

namespace Quarry.Cli.Profiles.Names;

/// <summary>The symbolizer of the GNU tools.</summary>
internal sealed class AddressToLine() : Symbolizer(Program)
{
    internal const string Program = "addr2line";

    protected override IEnumerable<string> Arguments(string file) => ["-a", "-f", "-i", "-e", file];

    protected override Dictionary<ulong, SourceFrame[]> Read(
        TextReader output, IReadOnlyList<ulong> addresses)
    {
        // "0xADDRESS", then "function" and "file:line" for each frame.
        Dictionary<ulong, SourceFrame[]> found = [];
        List<SourceFrame> frames = [];
        ulong? address = null;
        while (output.ReadLine() is { } line)
        {
            if (line.StartsWith("0x", StringComparison.Ordinal) && ulong.TryParse(line.AsSpan(2),
                    NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out ulong next))
            {
                Add(found, address, frames);
                address = next;
            }
            else if (output.ReadLine() is { } place)
            {
                frames.Add(Frame(line, place));
            }
        }

        Add(found, address, frames);
        return found;
    }

    private static void Add(Dictionary<ulong, SourceFrame[]> found, ulong? address, List<SourceFrame> frames)
    {
        frames.RemoveAll(f => f.Function.Length + f.File.Length == 0);
        if (address is { } known && frames.Count > 0)
        {
            found[known] = [.. frames];
        }

        frames.Clear();
    }

    /// <summary>Reads "file:line", after which "(discriminator 3)" may follow; the line may be "?".</summary>
    private static SourceFrame Frame(string function, string place)
    {
        int colon = place.LastIndexOf(':');
        string file = colon > 0 ? place[..colon] : place;
        string number = colon > 0 ? place[(colon + 1)..].Split(' ')[0] : "";
        _ = int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out int line);
        return SourceFrame.Of(function, file, line);
    }
}
