using System.Runtime.CompilerServices;

namespace Quarry;

/// <summary>
/// Provides serial numbers of collections. Each is used once in the life of the process; none is 0.
/// </summary>
/// <remarks>
/// A stale handle compares its number with whatever its memory holds by then, so a number must not look like
/// ordinary data. Consecutive numbers are multiplied by a constant, which makes each differ from the next in
/// about half of its bits, and the highest bit is set: no number is a count, an index, an address, a date, or
/// text in ASCII. Multiplying by an odd number maps the 63-bit numbers one to one.
/// </remarks>
internal static class CollectionSerials
{
    // A thread reserves this many at once, so that creating a collection takes no atomic operation.
    private const nuint Batch = 1 << 16;

    private const ulong Multiplier = 0x9E37_79B9_7F4A_7C15, Highest = 1ul << 63;

    private static nuint s_reserved;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static nuint Next()
    {
        nuint number = ThreadWords.t_collectionSerial;
        if (number % Batch == 0)
        {
            number = Reserve();
        }

        ThreadWords.t_collectionSerial = number + 1;
        return unchecked((nuint)((number * Multiplier) | Highest));
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static nuint Reserve() => Atomic.Add(ref s_reserved, Batch);
}
