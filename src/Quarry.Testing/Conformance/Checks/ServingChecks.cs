using System;

namespace Quarry.Testing;

/// <summary>That blocks are what was asked for, and do not disturb each other.</summary>
internal static unsafe class ServingChecks
{
    // Beyond the sizes of a thousand bytes, an allocator's decisions are around powers of two.
    private const nuint EverySizeUpTo = 1100;
    private const int Window = 16;

    internal static Violation Sizes<TAllocator>(TAllocator allocator, ConformanceOptions options)
        where TAllocator : unmanaged, IAllocator
    {
        var witness = new Witness<TAllocator>(allocator, options);
        for (nuint alignment = 1; alignment <= options.MaxAlignment; alignment <<= 1)
        {
            if (!Sweep(ref witness, 0, Math.Min(EverySizeUpTo, options.MaxSize), alignment))
            {
                return witness.Violation;
            }
        }

        // Every fourth alignment will do: large blocks cost time to fill.
        for (nuint power = 2048; power - 1 <= options.MaxSize; power <<= 1)
        {
            for (nuint alignment = 1; alignment <= options.MaxAlignment; alignment <<= 4)
            {
                if (!Sweep(ref witness, power - 1, Math.Min(power + 1, options.MaxSize), alignment))
                {
                    return witness.Violation;
                }
            }
        }

        return default;
    }

    /// <summary>Holds the last blocks while it takes the next, so that neighbours overlapping is seen.</summary>
    private static bool Sweep<TAllocator>(
        ref Witness<TAllocator> witness, nuint first, nuint last, nuint alignment)
        where TAllocator : unmanaged, IAllocator
    {
        Held* window = stackalloc Held[Window];
        int count = 0;
        for (nuint size = first; size <= last && witness.Affords(size, alignment); size++, count++)
        {
            if ((count >= Window && !witness.Give(window[count % Window]))
                || !witness.Take(size, alignment, out window[count % Window]))
            {
                return false;
            }
        }

        for (int index = Math.Max(0, count - Window); index < count; index++)
        {
            if (!witness.Give(window[index % Window]))
            {
                return false;
            }
        }

        return true;
    }

    internal static Violation Separation<TAllocator>(TAllocator allocator, ConformanceOptions options)
        where TAllocator : unmanaged, IAllocator
    {
        const int Capacity = 256, Rounds = 4;
        Held* held = stackalloc Held[Capacity];
        var witness = new Witness<TAllocator>(allocator, options);
        int count = 0;
        for (int round = 0; round < Rounds; round++)
        {
            for (; count < Capacity; count++)
            {
                nuint size = Mixed(count + (round * Capacity), options.MaxSize);
                nuint alignment = Math.Min((nuint)1 << (count % 7), options.MaxAlignment);
                if (!witness.Affords(size, alignment))
                {
                    break;
                }

                if (!witness.Take(size, alignment, out held[count]))
                {
                    return witness.Violation;
                }
            }

            // Every other block goes, so that the next round fills the gaps.
            int kept = 0;
            for (int index = 0; index < count; index++)
            {
                if (!witness.Inspect(held[index]) || (index % 2 == 0 && !witness.Give(held[index])))
                {
                    return witness.Violation;
                }

                if (index % 2 != 0)
                {
                    held[kept++] = held[index];
                }
            }

            count = kept;
        }

        for (int index = 0; index < count; index++)
        {
            if (!witness.Give(held[index]))
            {
                return witness.Violation;
            }
        }

        return default;
    }

    internal static Violation SizeZero<TAllocator>(TAllocator allocator, ConformanceOptions options)
        where TAllocator : unmanaged, IAllocator
    {
        const int Capacity = 64;
        Held* held = stackalloc Held[Capacity];
        var witness = new Witness<TAllocator>(allocator, options);
        int count = 0;
        for (; count < Capacity && witness.Affords(0, 1); count++)
        {
            if (!witness.Take(0, 1, zeroed: count % 2 != 0, out held[count]))
            {
                return witness.Violation;
            }

            for (int index = 0; index < count; index++)
            {
                if (held[index].Address == held[count].Address)
                {
                    _ = witness.Broke(Promise.SizeZeroIsUnique, held[count], 0);
                    return witness.Violation;
                }
            }
        }

        for (int index = 0; index < count; index++)
        {
            if (!witness.Give(held[index]))
            {
                return witness.Violation;
            }
        }

        return default;
    }

    internal static Violation Zeroing<TAllocator>(TAllocator allocator, ConformanceOptions options)
        where TAllocator : unmanaged, IAllocator
    {
        const int Batch = 4, Rounds = 3;
        Held* held = stackalloc Held[Batch];
        var witness = new Witness<TAllocator>(allocator, options);
        for (nuint size = 1; size <= options.MaxSize; size += (size / 2) + 1)
        {
            for (int round = 0; round < Rounds; round++)
            {
                int count = 0;
                for (; count < Batch && witness.Affords(size, 8); count++)
                {
                    // Odd rounds take dirty blocks in between, so that zeroed ones are not only reused by those.
                    if (!witness.Take(size, Math.Min(8, options.MaxAlignment), round != 1, out held[count]))
                    {
                        return witness.Violation;
                    }
                }

                for (int index = 0; index < count; index++)
                {
                    if (!witness.Give(held[index]))
                    {
                        return witness.Violation;
                    }
                }
            }
        }

        return default;
    }

    /// <summary>Sizes of all magnitudes up to the largest, the small ones more often.</summary>
    private static nuint Mixed(int index, nuint maxSize)
    {
        uint scattered = unchecked((uint)index * 2_654_435_761u) >> 8;
        nuint magnitude = (nuint)16 << (int)(scattered % 11 * (scattered % 3) / 2);
        return Math.Min((scattered / 33) % magnitude, maxSize);
    }
}
