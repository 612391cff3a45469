using System;
using System.Numerics;
using System.Threading;

namespace Quarry.Malloc;

/// <summary>Numbers the processors on which the process may run, from 0.</summary>
/// <remarks>
/// A process that is restricted to some processors has as many arenas as those, and not as many as the
/// machine has. The restriction is read once; a processor outside it shares the number of another one.
/// </remarks>
internal static unsafe class Processors
{
    // The kernel refuses to report to less space than its configuration needs, which is at most this.
    private const int Words = 128;

    private static Mask s_mask;
    private static uint s_count;

    /// <summary>Gets the number of processors; at least 1.</summary>
    internal static uint Count
    {
        get
        {
            // An acquire: the mask is read behind it. Pairs with Read.
            uint count = Atomic.Read(ref s_count);
            return count == 0 ? Read() : count;
        }
    }

    /// <summary>Returns the number of the processor on which the calling thread runs.</summary>
    internal static uint Current()
    {
        uint count = Count;
        uint processor = Os.CurrentProcessor();
        uint before = 0;
        for (uint word = 0; word < processor / 64 && word < Words; word++)
        {
            before += (uint)BitOperations.PopCount(s_mask.Bits[word]);
        }

        ulong bits = processor < Words * 64 ? s_mask.Bits[processor / 64] : 0;
        ulong bit = 1ul << (int)(processor % 64);
        before += (uint)BitOperations.PopCount(bits & (bit - 1));
        return (bits & bit) == 0 ? processor % count : before;
    }

    private static uint Read()
    {
        uint count = 0;
        fixed (ulong* bits = s_mask.Bits)
        {
            _ = Os.TryGetProcessors(new Span<ulong>(bits, Words));
            for (int word = 0; word < Words; word++)
            {
                count += (uint)BitOperations.PopCount(bits[word]);
            }
        }

        // After the mask, which all threads that come here at once fill with the same bits.
        count = count == 0 ? 1 : count;
        Volatile.Write(ref s_count, count);
        return count;
    }

    private struct Mask
    {
        public fixed ulong Bits[Words];
    }
}
