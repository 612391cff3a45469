using System;

namespace Quarry.Testing;

/// <summary>That null means no, to the allocator and to its caller.</summary>
internal static unsafe class RefusingChecks
{
    internal static Violation Null<TAllocator>(TAllocator allocator, ConformanceOptions options)
        where TAllocator : unmanaged, IAllocator
    {
        var witness = new Witness<TAllocator>(allocator, options);
        nuint size = Math.Min(100, options.MaxSize);
        if (!witness.Affords((size * 2) + options.BlockOverhead, 16))
        {
            return default;
        }

        _ = Layout.TryCreate(size, Math.Min(8, options.MaxAlignment), out Layout layout);
        bool good = witness.Take(layout.Size, layout.Alignment, out Held held);
        allocator.Deallocate(null, layout);
        allocator.Deallocate(null, default);
        if (!good || !witness.Inspect(held))
        {
            return witness.Violation;
        }

        var fresh = new Held { Layout = layout };
        fresh.Address = (byte*)allocator.Reallocate(null, layout, size);
        bool served = fresh.Address != null || witness.Broke(Promise.ServesNullReallocation, fresh, size);
        if (served)
        {
            Pattern.Fill(fresh.Address, size, 0);
            fresh.Usable = size;
            _ = witness.Inspect(held) && witness.Give(held) && witness.Give(fresh);
        }

        return witness.Violation;
    }

    internal static Violation AbsurdSizes<TAllocator>(TAllocator allocator, ConformanceOptions options)
        where TAllocator : unmanaged, IAllocator
    {
        var witness = new Witness<TAllocator>(allocator, options);
        nuint size = Math.Min(100, options.MaxSize);
        if (!witness.Affords(size, 1) || !witness.Take(size, 1, out Held held))
        {
            return witness.Violation;
        }

        for (nuint less = 0; less < 1 << 16; less = (less * 4) + 1)
        {
            for (nuint alignment = 1; alignment <= options.MaxAlignment; alignment <<= 4)
            {
                nuint absurd = Layout.MaxSize - (alignment - 1) - less;
                _ = Layout.TryCreate(absurd, alignment, out Layout layout);
                var asked = new Held { Layout = layout };
                asked.Address = (byte*)allocator.Allocate(layout);
                if (asked.Address != null)
                {
                    _ = witness.Broke(Promise.RefusesAbsurd, asked, 0);
                    return witness.Violation;
                }

                asked.Address = (byte*)allocator.AllocateZeroed(layout);
                if (asked.Address != null)
                {
                    _ = witness.Broke(Promise.RefusesAbsurdZeroed, asked, 0);
                    return witness.Violation;
                }
            }

            if (!Refuses(ref witness, allocator, held, Layout.MaxSize - less))
            {
                return witness.Violation;
            }
        }

        _ = witness.Give(held);
        return witness.Violation;
    }

    /// <summary>Whether an existing block cannot be given an absurd size, and stays as it was.</summary>
    private static bool Refuses<TAllocator>(
        ref Witness<TAllocator> witness, TAllocator allocator, Held held, nuint absurd)
        where TAllocator : unmanaged, IAllocator
    {
        if (allocator.Reallocate(held.Address, held.Layout, absurd) != null)
        {
            return witness.Broke(Promise.RefusesAbsurdReallocation, held, absurd);
        }

        if (allocator.TryResize(held.Address, held.Layout, absurd))
        {
            return witness.Broke(Promise.RefusesAbsurdResize, held, absurd);
        }

        nuint difference = Pattern.FirstDifference(held.Address, held.Usable, held.Seed);
        return difference == held.Usable
            || witness.Broke(Promise.KeepsWhenNotReallocated, held, difference);
    }
}
