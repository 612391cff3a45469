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

    /// <summary>The kernel's flags at an address, such as "dd" for a mapping left out of dumps.</summary>
    internal static string[] FlagsAt(nuint address)
    {
        bool found = false;
        foreach (string line in File.ReadLines("/proc/self/smaps"))
        {
            if (line.Length > 0 && char.IsAsciiHexDigitLower(line[0]))
            {
                (nuint start, nuint end) = RangeOf(line);
                found = address >= start && address < end;
            }
            else if (found && line.StartsWith("VmFlags:", StringComparison.Ordinal))
            {
                return line["VmFlags:".Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries);
            }
        }

        return [];
    }

    /// <summary>How many mappings there are, and their size together.</summary>
    internal static (int Count, long Bytes) Total()
    {
        int count = 0;
        long bytes = 0;
        foreach (string line in File.ReadLines("/proc/self/maps"))
        {
            (nuint start, nuint end) = RangeOf(line);
            count++;
            bytes += (long)(end - start);
        }

        return (count, bytes);
    }

    /// <summary>How many mappings there are in a range, whatever other threads map elsewhere.</summary>
    internal static int CountIn(nuint start, nuint end)
    {
        int count = 0;
        foreach (string line in File.ReadLines("/proc/self/maps"))
        {
            (nuint first, nuint last) = RangeOf(line);
            count += first < end && last > start ? 1 : 0;
        }

        return count;
    }

    internal static (nuint Start, nuint End) RangeOf(string line)
    {
        string[] ends = line.Split(' ')[0].Split('-');
        return (nuint.Parse(ends[0], NumberStyles.HexNumber, CultureInfo.InvariantCulture),
            nuint.Parse(ends[1], NumberStyles.HexNumber, CultureInfo.InvariantCulture));
    }
}
