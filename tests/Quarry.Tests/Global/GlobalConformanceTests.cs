using Quarry.Testing;
using Xunit;

namespace Quarry.Tests;

/// <summary>The global allocator is one as any other.</summary>
public class GlobalConformanceTests
{
    [Fact]
    public void It_keeps_the_promises_of_an_allocator() => AllocatorConformance.Verify(() => default(Global));

    [Fact]
    public void It_has_the_traits_of_the_allocator_that_serves()
    {
        Assert.Equal(Heap.Traits, Global.Traits);
        Assert.True(Global.TryGet(out Heap heap));
        Assert.False(heap.IsDefault);
        Assert.False(Global.TryGet(out SystemHeap _));
    }
}
