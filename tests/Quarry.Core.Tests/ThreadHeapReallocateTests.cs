using System;
using Xunit;

namespace Quarry.Core.Tests;

/// <summary>Reallocation as the C surface calls it: without a layout that keeps sizes sane.</summary>
public sealed unsafe class ThreadHeapReallocateTests : IDisposable
{
    private readonly HeapFixture _heap = new(64 << 20);

    public void Dispose() => _heap.Dispose();

    public static TheoryData<int, int> Cases()
    {
        TheoryData<int, int> cases = [];
        foreach (int size in new[] { 0, 1, 16, 5000, 65536, 65537, 3_000_000, 40_000_000 })
        {
            for (int less = 0; less < 3; less++)
            {
                cases.Add(size, less);
            }
        }

        return cases;
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Sizes_near_the_largest_number_fail_and_leave_the_block(int size, int less)
    {
        void* block = Frontend.Allocate((nuint)size, _heap.Thread);
        Pattern.Fill(block, (nuint)size, 3);
        nuint[] surplus = [0, 4096, 2 << 20];
        Assert.True(Frontend.Reallocate(block, nuint.MaxValue - surplus[less], _heap.Thread) == null);
        Assert.True(Frontend.Reallocate(block, Layout.MaxSize - surplus[less], _heap.Thread) == null);
        Assert.True(Frontend.Reallocate(block, Layout.MaxSize + surplus[less], _heap.Thread) == null);
        Assert.True(Pattern.Holds(block, (nuint)size, 3));
        Assert.Equal(1u, _heap.Statistics.InUseBlocks);
    }

    [Theory]
    [InlineData(64, true)]
    [InlineData(40, true)]
    [InlineData(100, false)]
    [InlineData(0, true)]
    public void A_little_smaller_stays_where_it_is(int size, bool stays)
    {
        void* block = Frontend.Allocate(64, _heap.Thread);
        Assert.Equal(stays, Frontend.Reallocate(block, (nuint)size, _heap.Thread) == block);
    }

    [Fact]
    public void A_growing_large_block_is_copied_a_few_times_at_most()
    {
        byte* block = (byte*)Frontend.Allocate(100_000, _heap.Thread);
        Pattern.Fill(block, 100_000, 3);
        for (nuint size = 200_000; size < 200_000_000; size += 1_000_000)
        {
            block = (byte*)Frontend.Reallocate(block, size, _heap.Thread);
            block[size - 1] = 1;
        }

        Assert.True(Pattern.Holds(block, 100_000, 3));
        Assert.InRange(_heap.Statistics.Allocations, 1u, 4u);
    }
}
