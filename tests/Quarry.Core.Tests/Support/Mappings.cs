using System;
using System.Globalization;
using System.IO;

namespace Quarry.Core.Tests;

/// <summary>What the system knows of this process's memory.</summary>
internal static class Mappings
{
    internal static long ResidentBytes =>
        long.Parse(File.ReadAllText("/proc/self/statm").Split(' ')[1], CultureInfo.InvariantCulture)
        * Environment.SystemPageSize;

    /// <summary>The permissions at an address, such as "rw-p"; null where nothing is mapped.</summary>
    internal static string? At(nuint address)
    {
        foreach (string line in File.ReadLines("/proc/self/maps"))
        {
            (nuint start, nuint end) = RangeOf(line);
            if (address >= start && address < end)
            {
                return line.Split(' ')[1];
            }
        }

        return null;
    }

    /// <summary>How many bytes of a range are mapped.</summary>
    internal static nuint MappedBytes(nuint from, nuint to)
    {
        nuint sum = 0;
        foreach (string line in File.ReadLines("/proc/self/maps"))
        {
            (nuint start, nuint end) = RangeOf(line);
            start = nuint.Max(start, from);
            end = nuint.Min(end, to);
            sum += end > start ? end - start : 0;
        }

        return sum;
    }

    private static (nuint Start, nuint End) RangeOf(string line)
    {
        string[] ends = line.Split(' ')[0].Split('-');
        return (nuint.Parse(ends[0], NumberStyles.HexNumber, CultureInfo.InvariantCulture),
            nuint.Parse(ends[1], NumberStyles.HexNumber, CultureInfo.InvariantCulture));
    }
}
