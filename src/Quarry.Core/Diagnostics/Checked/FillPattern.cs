using System.Runtime.CompilerServices;

namespace Quarry;

/// <summary>Verifies memory that is filled with one value.</summary>
internal static unsafe class FillPattern
{
    private const ulong EveryByte = 0x0101_0101_0101_0101;

    /// <summary>
    /// Returns the offset of the first byte that differs; <paramref name="count"/> if there is none.
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
