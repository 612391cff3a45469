using System;

namespace Quarry.Tests.Collections;

/// <summary>An allocator to run a test on, which does not know its type.</summary>
internal interface IAllocatorCase
{
    /// <summary>One that gives back nothing, one that moves nothing, one that fails, and so on.</summary>
    internal static readonly IAllocatorCase[] All =
    [
        new Case<Heap>(
            () => new Heap(), heap => heap.GetStatistics().InUseBlocks == 0, heap => heap.Dispose()),
        new Case<SystemHeap>(() => default, _ => true, _ => { }),
        new Case<Bump<Local>>(() => new Bump<Local>(1u << 20), _ => true, bump => bump.Dispose()),
        new Case<Metered>(
            Metered.Create,
            metered => metered.Blocks == 0 && metered.WrongLayouts == 0,
            metered => metered.Dispose(),
            (metered, requests) => metered.FailAfter(requests)),
    ];

    /// <summary>Makes the allocator, runs the test, and sees that nothing is left of it.</summary>
    bool Run(ITest test);

    /// <summary>A test for any allocator.</summary>
    internal interface ITest
    {
        /// <param name="allocator">The allocator.</param>
        /// <param name="failAfter">Makes it fail after so many requests more, if it can.</param>
        bool Holds<TAllocator>(TAllocator allocator, Action<int> failAfter)
            where TAllocator : unmanaged, IAllocator;
    }

    private sealed class Case<TAllocator>(
        Func<TAllocator> create,
        Func<TAllocator, bool> isEmpty,
        Action<TAllocator> destroy,
        Action<TAllocator, int>? failAfter = null) : IAllocatorCase
        where TAllocator : unmanaged, IAllocator
    {
        public bool Run(ITest test)
        {
            TAllocator allocator = create();
            bool good = test.Holds(allocator, requests => failAfter?.Invoke(allocator, requests))
                && isEmpty(allocator);
            destroy(allocator);
            return good;
        }
    }
}
