using System.Collections.Generic;

namespace Quarry;

/// <summary>Represents a range of addresses.</summary>
internal readonly record struct AddressRange(nuint Start, nuint Size)
{
    internal nuint End => Start + Size;

    /// <summary>Adds a range to a list in ascending order, and joins it with those it touches.</summary>
    internal static void Add(List<AddressRange> ranges, AddressRange added)
    {
        int first = FirstEndingAtOrAfter(ranges, added.Start);
        int last = first;
        while (last < ranges.Count && ranges[last].Start <= added.End)
        {
            nuint start = nuint.Min(added.Start, ranges[last].Start);
            added = new AddressRange(start, nuint.Max(added.End, ranges[last].End) - start);
            last++;
        }

        if (first == last)
        {
            ranges.Insert(first, added);
            return;
        }

        ranges[first] = added;
        ranges.RemoveRange(first + 1, last - first - 1);
    }

    /// <summary>Removes a range from those of a list in ascending order.</summary>
    internal static void Remove(List<AddressRange> ranges, AddressRange removed)
    {
        int index = FirstEndingAtOrAfter(ranges, removed.Start);
        while (index < ranges.Count && ranges[index].Start < removed.End)
        {
            AddressRange range = ranges[index];
            ranges.RemoveAt(index);
            if (range.Start < removed.Start)
            {
                ranges.Insert(index++, new AddressRange(range.Start, removed.Start - range.Start));
            }

            if (range.End > removed.End)
            {
                ranges.Insert(index++, new AddressRange(removed.End, range.End - removed.End));
            }
        }
    }

    /// <summary>Finds the range of a list in ascending order that an address is in.</summary>
    /// <returns>The default value, which is empty, if there is none.</returns>
    internal static AddressRange Find(List<AddressRange> ranges, nuint address)
    {
        int index = FirstEndingAtOrAfter(ranges, address + 1);
        return index < ranges.Count && ranges[index].Start <= address ? ranges[index] : default;
    }

    /// <summary>
    /// Returns the end of the last of the ranges in another one, no higher than the end of that one; its
    /// start if there are none.
    /// </summary>
    internal static nuint EndIn(List<AddressRange> ranges, AddressRange within)
    {
        int behind = FirstEndingAtOrAfter(ranges, within.End);
        if (behind < ranges.Count && ranges[behind].Start < within.End)
        {
            return within.End;
        }

        return behind > 0 ? nuint.Max(ranges[behind - 1].End, within.Start) : within.Start;
    }

    private static int FirstEndingAtOrAfter(List<AddressRange> ranges, nuint address)
    {
        int low = 0;
        int high = ranges.Count;
        while (low < high)
        {
            int middle = (low + high) / 2;
            if (ranges[middle].End < address)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        return low;
    }
}
