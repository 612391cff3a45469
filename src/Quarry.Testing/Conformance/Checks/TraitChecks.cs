using System;

namespace Quarry.Testing;

/// <summary>That an allocator can do what its traits claim.</summary>
internal static unsafe class TraitChecks
{
    internal static Violation Ownership<TAllocator>(TAllocator allocator, ConformanceOptions options)
        where TAllocator : unmanaged, IAllocator
    {
        const int Capacity = 64;
        bool knows = (TAllocator.Traits & AllocatorTraits.KnowsOwnership) != 0;
        Held* held = stackalloc Held[Capacity];
        var witness = new Witness<TAllocator>(allocator, options);
        nuint onStack;
        fixed (byte* inData = "foreign"u8)
        {
            if (!Disowns(ref witness, allocator, null) || !Disowns(ref witness, allocator, &onStack)
                || !Disowns(ref witness, allocator, inData))
            {
                return witness.Violation;
            }

            int count = 0;
            nuint size = 0;
            for (; count < Capacity && size <= options.MaxSize && witness.Affords(size, 1); count++)
            {
                if (!witness.Take(size, 1, out held[count]))
                {
                    return witness.Violation;
                }

                size += (size / 4) + 1;
            }

            // All are known while they are there, whatever becomes of the others.
            for (int index = 0; index < count; index++)
            {
                for (int other = index; other < count; other++)
                {
                    if (allocator.Owns(held[other].Address) != knows)
                    {
                        Promise broken = knows ? Promise.OwnsItsOwn : Promise.DisownsWhereDenied;
                        _ = witness.Broke(broken, held[other], 0);
                        return witness.Violation;
                    }
                }

                if (!witness.Give(held[index]))
                {
                    return witness.Violation;
                }
            }

            _ = Disowns(ref witness, allocator, null) && Disowns(ref witness, allocator, &onStack)
                && Disowns(ref witness, allocator, inData);
            return witness.Violation;
        }
    }

    private static bool Disowns<TAllocator>(
        ref Witness<TAllocator> witness, TAllocator allocator, void* foreign)
        where TAllocator : unmanaged, IAllocator =>
        !allocator.Owns(foreign)
        || witness.Broke(Promise.DisownsForeign, new Held { Address = (byte*)foreign }, 0);

    internal static Violation KnownSizes<TAllocator>(TAllocator allocator, ConformanceOptions options)
        where TAllocator : unmanaged, IAllocator
    {
        var witness = new Witness<TAllocator>(allocator, options);
        if ((TAllocator.Traits & AllocatorTraits.KnowsSize) == 0)
        {
            return default;
        }

        for (nuint alignment = 1; alignment <= options.MaxAlignment; alignment <<= 1)
        {
            for (nuint size = 0; size <= options.MaxSize; size = (size * 2) + 1)
            {
                nuint newSize = size / 2 * 3;
                if (newSize > options.MaxSize || !witness.Affords(size + newSize, alignment * 2))
                {
                    break;
                }

                if (!witness.Take(size, alignment, out Held held))
                {
                    return witness.Violation;
                }

                nuint usable = allocator.UsableSize(held.Address, default);
                if (usable < size)
                {
                    _ = witness.Broke(Promise.UsableSizeIgnoresLayout, held, usable);
                    return witness.Violation;
                }

                // To reallocate, the alignment must be told: the new block is to have it.
                _ = Layout.TryCreate(0, alignment, out Layout wrong);
                if (!witness.Reallocate(ref held, newSize, wrong) || !witness.Give(held, default))
                {
                    return witness.Violation;
                }
            }
        }

        return default;
    }

    internal static Violation Reuse<TAllocator>(TAllocator allocator, ConformanceOptions options)
        where TAllocator : unmanaged, IAllocator
    {
        // A block at a time in three: in all far beyond any capacity, and beyond what a quarantine may hold.
        const int Held = 3, Rounds = 1 << 16, AtLeast = 1 << 10;
        Held* held = stackalloc Held[Held];
        var witness = new Witness<TAllocator>(allocator, options);
        nuint size = BlockSize(options, 8);
        if ((TAllocator.Traits & AllocatorTraits.Deallocates) == 0
            || !witness.Affords((size + options.BlockOverhead) * Held, Held))
        {
            return default;
        }

        var first = new AddressSet();
        bool reused = false;
        for (int round = 0; round < AtLeast || (!reused && round < Rounds); round++)
        {
            ref Held slot = ref held[round % Held];
            if ((round >= Held && !witness.Give(slot)) || !witness.Take(size, 1, out slot))
            {
                return witness.Violation;
            }

            reused |= first.ContainsOrAdds((nuint)slot.Address);
        }

        if (!reused)
        {
            _ = witness.Broke(Promise.Reuses, held[0], Rounds);
        }

        return witness.Violation;
    }

    internal static Violation DeallocatingAll<TAllocator>(TAllocator allocator, ConformanceOptions options)
        where TAllocator : unmanaged, IAllocator
    {
        const int Capacity = 48, AtLeast = 16, Rounds = 1 << 10;
        bool can = (TAllocator.Traits & AllocatorTraits.DeallocatesAll) != 0;
        Held* held = stackalloc Held[Capacity];
        var witness = new Witness<TAllocator>(allocator, options);
        nuint size = BlockSize(options, Capacity * 2);
        var first = new AddressSet();
        bool reused = !can;
        for (int round = 0; round < (can ? AtLeast : 1) || (!reused && round < Rounds); round++)
        {
            int count = 0;
            for (; count < Capacity && witness.Affords(size, 1); count++)
            {
                if (!witness.Take(size, 1, out held[count]))
                {
                    return witness.Violation;
                }
            }

            for (int index = 0; index < count; index++)
            {
                reused |= round > 0 && first.ContainsOrAdds((nuint)held[index].Address);
                if (round == 0)
                {
                    _ = first.ContainsOrAdds((nuint)held[index].Address);
                }
            }

            allocator.DeallocateAll();
            for (int index = 0; index < count && !can; index++)
            {
                if (!witness.Give(held[index]))
                {
                    Violation lost = witness.Violation;
                    lost.Promise = Promise.KeepsWhereAllDenied;
                    return lost;
                }
            }

            witness.ReturnAll(options);
            reused |= count == 0;
        }

        if (!reused)
        {
            _ = witness.Broke(Promise.ReusesAfterAll, held[0], Rounds);
        }

        return witness.Violation;
    }

    /// <summary>A kibibyte, or what several times as many blocks can be had of.</summary>
    private static nuint BlockSize(ConformanceOptions options, nuint blocks) =>
        Math.Min(options.MaxSize, options.IsLimited ? options.Capacity / blocks : 1024);
}
