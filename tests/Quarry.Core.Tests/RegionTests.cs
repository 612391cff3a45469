using System;
using Xunit;

namespace Quarry.Core.Tests;

public sealed unsafe class RegionTests : IDisposable
{
    private const nuint Slice = Region.SliceSize;

    private readonly RegionFixture _fixture = new(64 << 20);
    private readonly Region* _region;

    public RegionTests() => _region = _fixture.Region;

    public void Dispose() => _fixture.Dispose();

    [Fact]
    public void A_step_of_purging_does_not_exceed_its_budget()
    {
        // Of each word of 64 slices, 40 are free: two words together exceed the budget of a step.
        const nuint Words = 8, Freed = 40, Budget = 64;
        nuint first = Layout.AlignUp(_region->FirstSlice, 64);
        _ = _region->Allocate(first + (Words * 64) - _region->FirstSlice, Slice, out _);
        for (nuint word = 0; word < Words; word++)
        {
            _region->Free(first + (word * 64), Freed, stale: true);
        }

        Assert.Equal(0u, RegionFixture.Age(_region));
        Atomic.Write(ref _region->PurgeWord, 0);
        nuint aged = 0;
        for (nuint word = 0; word < Words; word++)
        {
            nuint budget = Budget, before = _region->DirtySlices();
            _region->PurgeSome(ref budget, ref aged);
            Assert.Equal(Freed, before - _region->DirtySlices());
            Assert.Equal(word + 1 < Words, budget == 0);
        }

        Assert.Equal((0u, 0u), (_region->DirtySlices(), aged));
        Assert.True(HeapBackend.PurgeBudget >= 64, "a step that cannot purge a whole word");
    }

    [Fact]
    public void A_region_is_aligned_and_its_tables_lie_in_front()
    {
        Assert.Equal(0u, (nuint)_region->Base % Region.Alignment);
        Assert.Equal(1024u, _region->SliceCount);
        Assert.InRange(_region->FirstSlice, 1u, 3u);
        Assert.Equal(_region->FirstSlice, _region->HighWater);
        Assert.True(_region->Pages + _region->SliceCount + 1 <= _region->AddressOf(_region->FirstSlice));
    }

    [Fact]
    public void A_region_too_small_for_its_tables_is_refused_and_released()
    {
        using CountingPages pages = new();
        PageSupply supply = new() { Source = pages.Source };
        Assert.True(Region.TryCreate(&supply, Slice, Region.Alignment, 0, 0, out _) == null);
        Assert.True(Region.TryCreate(&supply, 4 * Slice, Region.Alignment, 4 * Slice, 0, out _) == null);
        Assert.Empty(pages.Live);
    }

    [Fact]
    public void A_region_whose_tables_cannot_be_committed_is_released()
    {
        using CountingPages pages = new() { RefusesCommit = true };
        PageSupply supply = new() { Source = pages.Source };
        Assert.True(Region.TryCreate(&supply, 4 << 20, Region.Alignment, 0, 0, out _) == null);
        Assert.Empty(pages.Live);
    }

    [Fact]
    public void Header_and_spare_room_are_apart_zeroed_and_committed()
    {
        using CountingPages pages = new();
        PageSupply supply = new() { Source = pages.Source };
        Region* region = Region.TryCreate(&supply, 4 << 20, Region.Alignment, 5000, 100_000, out void* spare);
        Assert.True((byte*)region >= region->Base + 5000);
        Assert.True(spare >= region + 1);
        Assert.True((byte*)spare + 100_000 <= (byte*)region->Words && region->Words < region->Pages);
        Assert.True(Pattern.IsZero(region->Base, 5000) && Pattern.IsZero(spare, 100_000));
        Pattern.Fill(spare, 100_000, 1);
    }

    [Fact]
    public void Single_slices_come_in_ascending_order_and_read_zero()
    {
        for (nuint index = 0; index < _fixture.Room; index++)
        {
            nuint slice = Take(1, Slice, out bool zeroed);
            Assert.Equal(_region->FirstSlice + index, slice);
            Assert.True(zeroed);
            Assert.True(Pattern.IsZero(_region->AddressOf(slice), 256));
        }

        Assert.Equal(Region.None, Take(1, Slice, out _));
    }

    [Fact]
    public void A_freed_slice_is_taken_before_fresh_ones_and_is_not_called_zero()
    {
        nuint first = Take(1, Slice, out _);
        _ = Take(1, Slice, out _);
        _region->Free(first, 1, stale: true);
        Assert.Equal(first, Take(1, Slice, out bool zeroed));
        Assert.False(zeroed);
    }

    [Fact]
    public void A_slice_given_back_untouched_is_still_zero()
    {
        nuint slice = Take(1, Slice, out _);
        _region->Free(slice, 1, stale: false);
        Assert.Equal(slice, Take(1, Slice, out bool zeroed));
        Assert.True(zeroed);
    }

    [Fact]
    public void A_run_with_one_stale_slice_is_not_zero()
    {
        nuint slice = Take(100, Slice, out _);
        _region->Free(slice + 1, 99, stale: false);
        _region->Free(slice, 1, stale: true);
        Assert.Equal(slice, Take(100, Slice, out bool zeroed));
        Assert.False(zeroed);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(63)]
    [InlineData(64)]
    [InlineData(65)]
    [InlineData(128)]
    [InlineData(200)]
    public void Freed_runs_are_found_across_words(int length)
    {
        nuint count = (nuint)length;
        nuint first = Take(count, Slice, out _);
        nuint second = Take(count, Slice, out _);
        nuint third = Take(count, Slice, out _);
        Assert.Equal((first + count, first + (2 * count)), (second, third));
        _region->Free(second, count, stale: true);
        Assert.Equal(second, Take(count, Slice, out _));
        _region->Free(first, count, stale: true);
        _region->Free(third, count, stale: true);
        _region->Free(second, count, stale: true);
        Assert.Equal(first, Take(3 * count, Slice, out _));
    }

    [Fact]
    public void A_gap_that_is_too_short_is_passed_over()
    {
        nuint slice = Take(10, Slice, out _);
        _region->Free(slice + 2, 3, stale: true);
        _region->Free(slice + 6, 2, stale: true);
        Assert.Equal(slice + 10, Take(4, Slice, out _));
        Assert.Equal(slice + 2, Take(3, Slice, out _));
        Assert.Equal(slice + 6, Take(2, Slice, out _));
    }

    [Theory]
    [InlineData(128 << 10)]
    [InlineData(1 << 20)]
    [InlineData(2 << 20)]
    [InlineData(16 << 20)]
    public void Alignment_is_of_the_address_and_the_gap_before_stays_usable(int alignment)
    {
        _ = Take(1, Slice, out _);
        nuint next = _region->HighWater;
        nuint slice = Take(3, (nuint)alignment, out bool zeroed);
        Assert.Equal(0u, (nuint)_region->AddressOf(slice) % (nuint)alignment);
        Assert.True(zeroed);
        if (slice > next)
        {
            Assert.Equal(next, Take(1, Slice, out zeroed));
            Assert.True(zeroed);
        }
    }

    [Fact]
    public void Alignment_of_1_GiB_is_served_where_the_region_has_such_an_address()
    {
        using RegionFixture fixture = new((nuint)3 << 30);
        nuint slice = fixture.Region->Allocate(2, 1 << 30, out _);
        Assert.NotEqual(Region.None, slice);
        Assert.Equal(0u, (nuint)fixture.Region->AddressOf(slice) % (1 << 30));
    }

    [Fact]
    public void Alignment_without_such_an_address_is_refused()
    {
        Assert.Equal(Region.None, Take(1, (nuint)1 << 40, out _));
        Assert.Equal(Region.None, Take(1, (nuint)1 << 62, out _));
        Assert.Equal(_region->FirstSlice, Take(1, Slice, out _));
    }

    [Fact]
    public void More_slices_than_there_are_are_refused()
    {
        Assert.Equal(Region.None, Take(_fixture.Room + 1, Slice, out _));
        Assert.Equal(Region.None, Take((nuint)1 << 47, Slice, out _));
        Assert.Equal(_region->FirstSlice, Take(_fixture.Room, Slice, out _));
    }

    [Fact]
    public void A_block_grows_into_the_frontier()
    {
        nuint slice = Take(2, Slice, out _);
        Assert.True(_region->TryAllocateAt(slice + 2, 5));
        _region->AddressOf(slice + 6)[Slice - 1] = 1;
        Assert.Equal(slice + 7, Take(1, Slice, out _));
    }

    [Fact]
    public void A_block_grows_into_free_slices_but_not_beyond()
    {
        nuint slice = Take(100, Slice, out _);
        _region->Free(slice + 10, 70, stale: true);
        Assert.False(_region->TryAllocateAt(slice + 10, 71));
        Assert.True(_region->TryAllocateAt(slice + 10, 69));
        Assert.Equal(slice + 79, Take(1, Slice, out _));
        Assert.False(_region->TryAllocateAt(slice + 10, 1));
    }

    [Fact]
    public void A_block_grows_over_free_slices_across_the_frontier()
    {
        nuint slice = Take(20, Slice, out _);
        _region->Free(slice + 10, 10, stale: true);
        Assert.True(_region->TryAllocateAt(slice + 10, 15));
        Assert.Equal(slice + 25, _region->HighWater);
        Assert.Equal(slice + 25, Take(1, Slice, out _));
    }

    [Fact]
    public void A_block_that_cannot_grow_across_the_frontier_leaves_the_free_slices()
    {
        nuint slice = Take(20, Slice, out _);
        _region->Free(slice + 10, 10, stale: true);
        Assert.False(_region->TryAllocateAt(slice + 10, _fixture.Room));
        _fixture.Pages.RefusesCommit = true;
        Assert.False(_region->TryAllocateAt(slice + 10, _fixture.Room - 10));
        _fixture.Pages.RefusesCommit = false;
        Assert.Equal(slice + 20, _region->HighWater);
        Assert.Equal(slice + 10, Take(10, Slice, out bool zeroed));
        Assert.False(zeroed);
    }

    [Fact]
    public void A_block_does_not_grow_beyond_the_region()
    {
        nuint slice = Take(_fixture.Room - 2, Slice, out _);
        nuint end = slice + _fixture.Room - 2;
        Assert.False(_region->TryAllocateAt(end, 3));
        Assert.True(_region->TryAllocateAt(end, 2));
        Assert.False(_region->TryAllocateAt(end + 2, 1));
    }

    [Fact]
    public void Refused_commit_yields_none_and_leaves_the_region_as_it_was()
    {
        nuint frontier = _region->HighWater;
        _fixture.Pages.RefusesCommit = true;
        Assert.Equal(Region.None, Take(1, Slice, out _));
        Assert.Equal(Region.None, Take(50, Slice, out _));
        Assert.False(_region->TryAllocateAt(frontier, 1));
        Assert.Equal(frontier, _region->HighWater);
        _fixture.Pages.RefusesCommit = false;
        Assert.Equal(frontier, Take(1, Slice, out _));
    }

    [Fact]
    public void A_generous_commit_that_fails_is_followed_by_the_necessary_one()
    {
        _fixture.Pages.FailAt = _fixture.Pages.Calls;
        nuint slice = Take(1, Slice, out _);
        Assert.Equal(_region->FirstSlice, slice);
        Assert.Equal(slice + 1, _region->Committed);
        _region->AddressOf(slice)[Slice - 1] = 1;
    }

    [Fact]
    public void A_purge_lets_the_young_grow_old_and_takes_the_old()
    {
        nuint slice = Written(200);
        _region->Free(slice, 200, stale: true);
        Assert.Equal(0u, RegionFixture.Age(_region));
        Assert.Equal(200u, RegionFixture.Age(_region));
        Assert.Equal(0u, RegionFixture.Age(_region));
        AssertZero(slice, 200);
    }

    [Fact]
    public void A_purge_of_everything_takes_the_young_as_well()
    {
        nuint slice = Written(70);
        _region->Free(slice, 70, stale: true);
        Assert.Equal(70u, _region->PurgeAll());
        AssertZero(slice, 70);
    }

    [Fact]
    public void A_purge_leaves_used_slices_alone()
    {
        nuint slice = Written(8);
        _region->Free(slice + 2, 2, stale: true);
        Assert.Equal(2u, _region->PurgeAll());
        foreach (nuint used in new[] { slice, slice + 1, slice + 4, slice + 7 })
        {
            Assert.True(Pattern.Holds(_region->AddressOf(used), Slice, (uint)used));
        }
    }

    [Fact]
    public void A_purge_that_the_source_refuses_keeps_slices_stale()
    {
        nuint slice = Written(3);
        _region->Free(slice, 3, stale: true);
        _fixture.Pages.RefusesPurge = true;
        Assert.Equal(0u, _region->PurgeAll());
        Assert.Equal(slice, Take(3, Slice, out bool zeroed));
        Assert.False(zeroed);
    }

    [Fact]
    public void The_longest_run_without_stale_slices_is_reported()
    {
        nuint slice = Written(200);
        _region->Free(slice, 200, stale: false);
        Assert.Equal(slice, _region->Allocate(200, Slice, out SliceRun clean));
        Assert.Equal((slice, 200u), (clean.First, clean.Count));
        _region->Free(slice, 10, stale: true);
        _region->Free(slice + 10, 100, stale: false);
        _region->Free(slice + 110, 1, stale: true);
        _region->Free(slice + 111, 89, stale: false);
        Assert.Equal(slice, _region->Allocate(200, Slice, out clean));
        Assert.Equal((slice + 10, 100u), (clean.First, clean.Count));
        _region->Free(slice, 200, stale: true);
        Assert.Equal(slice, _region->Allocate(200, Slice, out clean));
        Assert.Equal(0u, clean.Count);
    }

    private nuint Take(nuint count, nuint alignment, out bool zeroed)
    {
        nuint slice = _region->Allocate(count, alignment, out SliceRun clean);
        zeroed = clean.Count == count;
        return slice;
    }

    private nuint Written(nuint count)
    {
        nuint slice = Take(count, Slice, out _);
        for (nuint at = slice; at < slice + count; at++)
        {
            Pattern.Fill(_region->AddressOf(at), Slice, (uint)at);
        }

        return slice;
    }

    private void AssertZero(nuint slice, nuint count)
    {
        Assert.Equal(slice, Take(count, Slice, out bool zeroed));
        Assert.True(zeroed);
        Assert.True(Pattern.IsZero(_region->AddressOf(slice), count * Slice));
    }
}
