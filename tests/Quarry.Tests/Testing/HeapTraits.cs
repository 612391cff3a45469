namespace Quarry.Tests.Testing;

/// <summary>What a heap can do.</summary>
internal readonly struct HeapTraits : ITraits
{
    public static AllocatorTraits Traits => Heap.Traits;
}
