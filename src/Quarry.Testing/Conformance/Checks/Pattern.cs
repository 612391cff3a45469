namespace Quarry.Testing;

/// <summary>Contents that tell to which block they belong, and to which place in it.</summary>
internal static unsafe class Pattern
{
    internal static void Fill(byte* block, nuint size, nuint seed)
    {
        nuint at = 0;
        for (; at + sizeof(ulong) <= size; at += sizeof(ulong))
        {
            *(ulong*)(block + at) = Word(at, seed);
        }

        for (; at < size; at++)
        {
            block[at] = Byte(at, seed);
        }
    }

    /// <summary>The first byte of the block that is not as it was filled; its size if all are.</summary>
    internal static nuint FirstDifference(byte* block, nuint size, nuint seed)
    {
        nuint at = 0;
        while (at + sizeof(ulong) <= size && *(ulong*)(block + at) == Word(at, seed))
        {
            at += sizeof(ulong);
        }

        while (at < size && block[at] == Byte(at, seed))
        {
            at++;
        }

        return at;
    }

    /// <summary>The first byte of the block that is not zero; its size if all are.</summary>
    internal static nuint FirstNonZero(byte* block, nuint size)
    {
        nuint at = 0;
        while (at + sizeof(ulong) <= size && *(ulong*)(block + at) == 0)
        {
            at += sizeof(ulong);
        }

        while (at < size && block[at] == 0)
        {
            at++;
        }

        return at;
    }

    private static byte Byte(nuint at, nuint seed) =>
        (byte)(Word(at & ~(nuint)7, seed) >> (8 * (int)(at & 7)));

    // Multiplied by the golden ratio, neighbouring numbers differ in every byte.
    private static ulong Word(nuint at, nuint seed) => unchecked(((ulong)seed << 24 ^ at) * 0x9E37_79B9_7F4A_7C15);
}
