namespace Quarry.Tests.Testing;

/// <summary>More than a heap can do.</summary>
internal readonly struct AllTraits : ITraits
{
    public static AllocatorTraits Traits => Heap.Traits | AllocatorTraits.DeallocatesAll;
}
