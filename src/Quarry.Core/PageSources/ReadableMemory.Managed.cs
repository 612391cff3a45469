using System.Collections.Generic;
using System.Runtime.CompilerServices;
using System.Threading;

namespace Quarry;

/// <summary>Determines whether an address can be read without ending the process.</summary>
/// <remarks>
/// A handle can outlive its memory, and reading unmapped memory terminates a .NET process. Pages that
/// <see cref="LingeringPageSource"/> has committed once stay readable for the life of the process; they are
/// known here, and looking them up costs a few instructions as a rule. The system is asked about others.
/// </remarks>
internal static unsafe class ReadableMemory
{
    private static readonly Lock s_lock = new();
    private static readonly List<AddressRange> s_ranges = new(256);

    // Changes when a range is removed, so that no thread trusts the range it found last.
    private static uint s_removals = 1;

    /// <summary>Determines whether a word, and the one after it, can be read.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static bool CanRead(void* word) =>
        ((nuint)word - ThreadWords.t_readableStart < ThreadWords.t_readableSize
            && ThreadWords.t_readableRemovals == Volatile.Read(ref s_removals))
        || Find(word);

    /// <summary>Determines whether an address is in a range that stays readable.</summary>
    internal static bool Contains(void* address)
    {
        lock (s_lock)
        {
            return AddressRange.Find(s_ranges, (nuint)address).Size != 0;
        }
    }

    /// <summary>
    /// Returns the end of what is known to be readable in a range; its start if nothing is.
    /// </summary>
    internal static nuint EndIn(void* start, nuint size)
    {
        lock (s_lock)
        {
            return AddressRange.EndIn(s_ranges, new AddressRange((nuint)start, size));
        }
    }

    /// <summary>Adds a range that stays readable from now on.</summary>
    internal static void Add(void* start, nuint size)
    {
        lock (s_lock)
        {
            AddressRange.Add(s_ranges, new AddressRange((nuint)start, size));
        }
    }

    /// <summary>Removes a range that is unmapped.</summary>
    internal static void Remove(void* start, nuint size)
    {
        lock (s_lock)
        {
            AddressRange.Remove(s_ranges, new AddressRange((nuint)start, size));
            Volatile.Write(ref s_removals, s_removals + 1);
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static bool Find(void* word)
    {
        lock (s_lock)
        {
            AddressRange range = AddressRange.Find(s_ranges, (nuint)word);
            if (range.Size != 0)
            {
                ThreadWords.t_readableStart = range.Start;
                ThreadWords.t_readableSize = range.Size;
                ThreadWords.t_readableRemovals = s_removals;
                return true;
            }
        }

        return Os.IsReadable(word);
    }
}
