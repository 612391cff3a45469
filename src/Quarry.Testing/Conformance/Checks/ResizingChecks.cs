namespace Quarry.Testing;

/// <summary>That blocks which change their size keep what is in them, and what is around them.</summary>
internal static unsafe class ResizingChecks
{
    internal static Violation Reallocation<TAllocator>(TAllocator allocator, ConformanceOptions options)
        where TAllocator : unmanaged, IAllocator
    {
        var witness = new Witness<TAllocator>(allocator, options);
        for (nuint alignment = 1; alignment <= options.MaxAlignment; alignment <<= 4)
        {
            for (nuint from = 0; from <= options.MaxSize; from = Next(from))
            {
                for (nuint to = 0; to <= options.MaxSize; to = Next(to))
                {
                    if (!ReallocateOne(ref witness, from, to, alignment))
                    {
                        return witness.Violation;
                    }
                }
            }
        }

        return default;
    }

    /// <summary>With a block behind it and without one: in the way of growing where it lies.</summary>
    private static bool ReallocateOne<TAllocator>(
        ref Witness<TAllocator> witness, nuint from, nuint to, nuint alignment)
        where TAllocator : unmanaged, IAllocator
    {
        if (!witness.Affords(from + to + 32, alignment * 3))
        {
            return true;
        }

        bool good = witness.Take(from, alignment, out Held block) && witness.Reallocate(ref block, to);
        if (!good || !witness.Affords(from + 16, alignment))
        {
            return good && witness.Give(block);
        }

        return witness.Take(from, 1, out Held behind)
            && (!witness.Affords(from, alignment) || witness.Reallocate(ref block, from))
            && witness.Give(behind)
            && witness.Give(block);
    }

    internal static Violation ResizingInPlace<TAllocator>(TAllocator allocator, ConformanceOptions options)
        where TAllocator : unmanaged, IAllocator
    {
        var witness = new Witness<TAllocator>(allocator, options);
        bool ever = false, tried = false;
        Held block = default;
        for (nuint from = 0; from <= options.MaxSize; from = Next(from))
        {
            for (nuint to = 0; to <= options.MaxSize && witness.Affords(from + to + 32, 3); to = Next(to))
            {
                tried |= from != to;
                if (!witness.Take(from, 1, out Held ahead)
                    || !witness.Take(from, 1, out block)
                    || !witness.Resize(ref block, to, out bool resized)
                    || !witness.Give(ahead)
                    || !witness.Give(block))
                {
                    return witness.Violation;
                }

                ever |= resized;
            }
        }

        if (tried && !ever && (TAllocator.Traits & AllocatorTraits.ResizesInPlace) != 0)
        {
            _ = witness.Broke(Promise.ResizesAtTimes, block, 0);
        }

        return witness.Violation;
    }

    /// <summary>0, 1, 4, 10 ... : what is resized is of all magnitudes, and rarely a power of two.</summary>
    private static nuint Next(nuint size) => (size * 2) + (size / 4) + 1 + (size > 2000 ? size * 4 : 0);
}
