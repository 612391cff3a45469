using System.Runtime.CompilerServices;

namespace Quarry;

/// <summary>Memory that holds one value throughout, and the first place where it does not.</summary>
internal static unsafe class FillPattern
{
    private const nuint MaxStep = 1u << 30;
    private const ulong EveryByte = 0x0101_0101_0101_0101;

    internal static void Write(byte* start, nuint count, byte value)
    {
        for (; count > MaxStep; count -= MaxStep, start += MaxStep)
        {
            Unsafe.InitBlockUnaligned(start, value, (uint)MaxStep);
        }

        Unsafe.InitBlockUnaligned(start, value, (uint)count);
    }

    /// <summary>
    /// The offset of the first byte that differs; <paramref name="count"/> if none does.
    /// </summary>
    internal static nuint FirstDifference(byte* start, nuint count, byte value)
    {
        ulong expected = EveryByte * value;
        nuint at = 0;
        while (at + sizeof(ulong) <= count && Unsafe.ReadUnaligned<ulong>(start + at) == expected)
        {
            at += sizeof(ulong);
        }

        while (at < count && start[at] == value)
        {
            at++;
        }

        return at;
    }
}
