using System.Collections.Concurrent;
using System.Linq;
using System.Threading.Tasks;
using Xunit;

namespace Quarry.Core.Tests;

public unsafe class MetadataPoolTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(64)]
    [InlineData(16384)]
    [InlineData(200_000)]
    public void Memory_is_zero_aligned_to_a_cache_line_and_apart(int size)
    {
        using HeapFixture heap = new(64 << 20);
        nuint end = 0;
        for (int index = 0; index < 30; index++)
        {
            byte* memory = (byte*)MetadataPool.Allocate(&heap.State->Backend.Metadata, (nuint)size, 64);
            Assert.Equal(0u, (nuint)memory % 64);
            Assert.True(Pattern.IsZero(memory, (nuint)size));
            Assert.True((nuint)memory >= end || (nuint)memory + (nuint)size <= end);
            Pattern.Fill(memory, (nuint)size, 1);
            end = (nuint)memory + (nuint)size;
        }
    }

    [Fact]
    public void Memory_from_stale_slices_is_zero()
    {
        using HeapFixture heap = new();
        void* block = Frontend.Allocate(1_000_000, heap.Thread);
        Pattern.Fill(block, 1_000_000, 1);
        Frontend.Free(block, heap.Thread);
        for (int index = 0; index < 20; index++)
        {
            Assert.True(Pattern.IsZero((void*)Allocate((nuint)heap.State, 30_000), 30_000));
        }
    }

    [Fact]
    public void Null_when_the_limit_is_reached()
    {
        // A source with one range to give: metadata comes from slices, and counts.
        using CountingPages pages = new();
        using HeapFixture heap = new(limit: 128 << 10, pages: pages.Source);
        Assert.True(MetadataPool.Allocate(&heap.State->Backend.Metadata, 200_000, 64) == null);
        Assert.True(MetadataPool.Allocate(&heap.State->Backend.Metadata, 60_000, 64) != null);
    }

    [Fact]
    public void Threads_get_different_memory()
    {
        using HeapFixture heap = new(64 << 20);
        nuint state = (nuint)heap.State;
        ConcurrentBag<nuint> all = [];
        Parallel.For(0, 4000, _ => all.Add(Allocate(state, 1000)));
        nuint[] sorted = [.. all.Order()];
        for (int index = 1; index < sorted.Length; index++)
        {
            Assert.True(sorted[index] - sorted[index - 1] >= 1000);
        }
    }

    [Fact]
    public void Ranges_of_their_own_have_inaccessible_pages_at_both_ends()
    {
        using HeapFixture heap = new(64 << 20);
        nuint state = (nuint)heap.State;
        _ = Allocate(state, 100_000);
        nuint memory = Allocate(state, 1000);
        Assert.Equal("---p", FirstOther(memory, down: true));
        Assert.Equal("---p", FirstOther(memory, down: false));
    }

    private static nuint Allocate(nuint state, nuint size) =>
        (nuint)MetadataPool.Allocate(&((HeapState*)state)->Backend.Metadata, size, 64);

    /// <summary>The permissions of the mapping next to the accessible one that an address lies in.</summary>
    private static string? FirstOther(nuint address, bool down)
    {
        while (Mappings.At(address) == "rw-p")
        {
            address = down ? address - Os.PageSize : address + Os.PageSize;
        }

        return Mappings.At(address);
    }
}
