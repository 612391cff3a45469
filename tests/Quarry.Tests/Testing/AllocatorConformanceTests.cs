using Quarry.Testing;
using Xunit;

namespace Quarry.Tests.Testing;

/// <summary>The conformance kit on allocators that are right.</summary>
public sealed class AllocatorConformanceTests
{
    public static TheoryData<ConformanceCheck> Checks => [.. AllocatorConformance.Checks];

    [Theory]
    [MemberData(nameof(Checks))]
    public void A_heap_passes(ConformanceCheck check) =>
        AllocatorConformance.Run(check, () => new Heap(), heap => heap.Dispose());
}
