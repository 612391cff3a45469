using System;

namespace Quarry.Core.Tests;

/// <summary>Contents that tell to which block they belong.</summary>
internal static unsafe class Pattern
{
    // Blocks beyond this are marked at both ends and once a page: to fill them takes too long.
    private const nuint Dense = 32 * 1024;

    internal static void Fill(void* block, nuint size, uint seed)
    {
        for (nuint at = 0; at < size; at = Next(at, size))
        {
            ((byte*)block)[at] = Value(at, seed);
        }
    }

    /// <summary>
    /// Whether the first <paramref name="size"/> bytes are intact of a block that was filled when it had
    /// <paramref name="filled"/>.
    /// </summary>
    internal static bool Holds(void* block, nuint size, nuint filled, uint seed)
    {
        for (nuint at = 0; at < size; at = Next(at, filled))
        {
            if (((byte*)block)[at] != Value(at, seed))
            {
                return false;
            }
        }

        return true;
    }

    internal static bool Holds(void* block, nuint size, uint seed) => Holds(block, size, size, seed);

    internal static bool IsZero(void* block, nuint size)
    {
        const nuint Step = 1 << 30;
        for (nuint at = 0; at < size; at += Step)
        {
            ReadOnlySpan<byte> part = new((byte*)block + at, (int)nuint.Min(Step, size - at));
            if (part.ContainsAnyExcept((byte)0))
            {
                return false;
            }
        }

        return true;
    }

    private static nuint Next(nuint at, nuint size) =>
        size <= Dense || at < 64 || at + 64 >= size ? at + 1
        : at + 4096 < size - 64 ? at + 4096
        : size - 64;

    private static byte Value(nuint at, uint seed) => (byte)((uint)at * 31 + (seed * 2654435761u >> 13) + 1);
}
