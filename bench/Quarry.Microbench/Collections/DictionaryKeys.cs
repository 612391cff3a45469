using System;
using System.Collections.Generic;
using System.Linq;
using System.Runtime.InteropServices;

namespace Quarry.Microbench.Collections;

/// <summary>Keys for the benchmarks of dictionaries and sets; the same in every run.</summary>
internal static class DictionaryKeys
{
    /// <summary>Random keys that are there, as many that are not, and the former in another order.</summary>
    internal static (T[] Present, T[] Absent, T[] Shuffled) Create<T>(int count) where T : unmanaged
    {
        var random = new Random(1);
        var keys = new HashSet<T>();
        while (keys.Count < 2 * count)
        {
            T key = default;
            random.NextBytes(MemoryMarshal.AsBytes(new Span<T>(ref key)));
            keys.Add(key);
        }

        T[] present = [.. keys.Take(count)];
        T[] shuffled = [.. present];
        random.Shuffle(shuffled);
        return (present, [.. keys.Skip(count)], shuffled);
    }
}
