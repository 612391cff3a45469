using Quarry.Testing;
using Xunit;

namespace Quarry.Tests;

/// <summary>The first screen of the readme, as it stands there.</summary>
public class ReadmeTests
{
    private static readonly byte[] s_buffer = "12"u8.ToArray();

    [Fact]
    public void Collections_and_decorators_compose()
    {
        using Arena arena = new(limit: 64.MiB());
        using NativeDictionary<int, Order, Arena> index = new(arena);
        index.Add(7, new Order(Price: 12));
        Assert.Equal(12, index[7].Price);

        using Heap heap = Heap.Create();
        using Counting<Heap> counted = new(heap);
        using NativeList<long, Counting<Heap>> list = new(counted) { 1, 2, 3 };
        Assert.Equal([1L, 2, 3], list.ToArray());
        Assert.True(counted.Statistics.PeakBytes >= 3 * sizeof(long));
    }

    [Fact]
    public void Parsing_a_span_allocates_nothing() =>
        AllocationAssert.None(() => _ = int.Parse(s_buffer, null));

    private readonly record struct Order(int Price);
}
