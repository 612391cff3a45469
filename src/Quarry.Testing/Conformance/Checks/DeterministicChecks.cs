namespace Quarry.Testing;

/// <summary>The checks that need no runtime, by their names.</summary>
internal static class DeterministicChecks
{
    internal static Violation Run<TAllocator>(
        ConformanceCheck check, TAllocator allocator, ConformanceOptions options)
        where TAllocator : unmanaged, IAllocator => check switch
        {
            ConformanceCheck.Sizes => ServingChecks.Sizes(allocator, options),
            ConformanceCheck.Separation => ServingChecks.Separation(allocator, options),
            ConformanceCheck.SizeZero => ServingChecks.SizeZero(allocator, options),
            ConformanceCheck.Zeroing => ServingChecks.Zeroing(allocator, options),
            ConformanceCheck.Reallocation => ResizingChecks.Reallocation(allocator, options),
            ConformanceCheck.ResizingInPlace => ResizingChecks.ResizingInPlace(allocator, options),
            ConformanceCheck.Null => RefusingChecks.Null(allocator, options),
            ConformanceCheck.Exhaustion => ExhaustionCheck.Run(allocator, options),
            ConformanceCheck.AbsurdSizes => RefusingChecks.AbsurdSizes(allocator, options),
            ConformanceCheck.Ownership => TraitChecks.Ownership(allocator, options),
            ConformanceCheck.KnownSizes => TraitChecks.KnownSizes(allocator, options),
            ConformanceCheck.Reuse => TraitChecks.Reuse(allocator, options),
            ConformanceCheck.DeallocatingAll => TraitChecks.DeallocatingAll(allocator, options),
            _ => default,
        };
}
