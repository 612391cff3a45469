using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;

namespace Quarry.Tools.Posix;

/// <summary>Readers of the files under /proc that this tool looks at.</summary>
internal static class ProcFile
{
    /// <summary>
    /// The strings of a file that ends each one with a zero byte, such as cmdline and environ.
    /// </summary>
    internal static List<byte[]> ReadStrings(string path)
    {
        List<byte[]> strings = [];
        ReadOnlySpan<byte> rest = File.ReadAllBytes(path);
        while (!rest.IsEmpty)
        {
            int end = rest.IndexOf((byte)0);
            strings.Add(rest[..(end < 0 ? rest.Length : end)].ToArray());
            rest = end < 0 ? [] : rest[(end + 1)..];
        }

        return strings;
    }

    /// <summary>
    /// A field "Name: value" of a status file; null when it has none or the process is gone.
    /// </summary>
    internal static string? ReadField(string path, string field)
    {
        try
        {
            foreach (string line in File.ReadLines(path))
            {
                if (line.StartsWith(field, StringComparison.Ordinal) && line[field.Length] == ':')
                {
                    return line[(field.Length + 1)..].Trim();
                }
            }
        }
        catch (IOException)
        {
            // It ended while being read.
        }

        return null;
    }

    /// <summary>A field "Name: value kB" of a status file, in bytes.</summary>
    internal static long? ReadKiB(string path, string field) =>
        ReadField(path, field) is { } value
            ? long.Parse(value.Split(' ')[0], CultureInfo.InvariantCulture) * 1024
            : null;

    /// <summary>Every process the caller may see: its id, its parent's id and its name.</summary>
    internal static IEnumerable<(int Id, int Parent, string Name)> Processes()
    {
        foreach (string folder in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture,
                    out int id) && ReadStat(folder) is var (parent, name))
            {
                yield return (id, parent, name);
            }
        }
    }

    private static (int Parent, string Name)? ReadStat(string folder)
    {
        try
        {
            // "id (name) state parent ...", where the name may hold spaces and parentheses.
            string stat = File.ReadAllText(folder + "/stat");
            int open = stat.IndexOf('(', StringComparison.Ordinal);
            int close = stat.LastIndexOf(')');
            string parent = stat[(close + 2)..].Split(' ', 3)[1];
            return (int.Parse(parent, CultureInfo.InvariantCulture), stat[(open + 1)..close]);
        }
        catch (IOException)
        {
            return null;
        }
    }
}
