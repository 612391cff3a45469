using Xunit;

namespace Quarry.Core.Tests;

public unsafe class PageSourceTests
{
    [Fact]
    public void Only_mappings_can_be_resized_and_moved()
    {
        FixedPageSource pages = default;
        Assert.True(PageSource.Mmap().TryMove != null && PageSource.Mmap().TryResize != null);
        Assert.True(PageSource.System().TryMove != null && PageSource.System().TryResize != null);
        Assert.True(PageSource.Brk().TryMove == null && PageSource.Brk().TryResize == null);
        Assert.True(PageSource.Of(&pages).TryMove == null && PageSource.Of(&pages).TryResize == null);
    }

    [Fact]
    public void Only_mappings_reserve_nothing_but_address_space()
    {
        FixedPageSource pages = default;
        Assert.True(PageSource.Mmap().ReservesAddressSpace);
        Assert.True(PageSource.System().ReservesAddressSpace);
        Assert.False(PageSource.Brk().ReservesAddressSpace);
        Assert.False(PageSource.Of(&pages).ReservesAddressSpace);
    }

    [Fact]
    public void The_functions_of_a_value_call_the_instance()
    {
        byte memory = 0;
        FixedPageSource pages = new(&memory, 1);
        PageSource source = PageSource.Of(&pages);
        Assert.True(source.State == &pages);
        Assert.True(source.Reserve(source.State, 1, 1) == &memory);
        Assert.True(source.Commit(source.State, &memory, 1));
        Assert.False(source.Purge(source.State, &memory, 1));
        Assert.True(pages.Reserve(1, 1) == null);
        source.Release(source.State, &memory, 1);
        Assert.True(pages.Reserve(1, 1) == &memory);
    }

    [Fact]
    public void A_heap_calls_the_functions_and_releases_everything()
    {
        using CountingPages pages = new();
        Assert.True(Heap.TryCreate(pages.Options(), out Heap heap));
        Assert.Single(pages.Live);
        Layout.TryCreate(10_000_000, 16, out Layout layout);
        void* block = heap.Allocate(layout);
        Assert.Equal(2, pages.Live.Count);
        heap.Deallocate(block, layout);
        Assert.Single(pages.Live);
        _ = heap.Allocate(layout);
        heap.Dispose();
        Assert.Empty(pages.Live);
        Assert.Equal(0, pages.WrongReleases);
    }

    [Fact]
    public void A_large_block_grows_by_the_functions_and_keeps_its_contents()
    {
        using CountingPages pages = new() { CanResize = true };
        Heap heap = new(pages.Options());
        Layout.TryCreate(10_000_000, 16, out Layout layout);
        void* block = heap.Allocate(layout);
        Pattern.Fill(block, layout.Size, 1);
        nuint filled = layout.Size;
        for (int round = 0; round < 8; round++)
        {
            Layout.TryCreate(2 * layout.Size, 16, out Layout larger);
            // A mapping beside the block, so that it cannot always grow in place.
            void* obstacle = heap.Allocate(layout);
            block = heap.Reallocate(block, layout, larger.Size);
            Assert.True(Pattern.Holds(block, filled, 1));
            heap.Deallocate(obstacle, layout);
            layout = larger;
        }

        Assert.InRange(pages.Moves, 1, 8);
        heap.Deallocate(block, layout);
        Assert.Single(pages.Live);
        heap.Dispose();
        Assert.Empty(pages.Live);
        Assert.Equal(0, pages.WrongReleases);
    }

    [Fact]
    public void A_large_block_whose_move_fails_is_copied()
    {
        using CountingPages pages = new() { CanResize = true };
        Heap heap = new(pages.Options());
        Layout.TryCreate(10_000_000, 16, out Layout layout);
        void* block = heap.Allocate(layout);
        Pattern.Fill(block, layout.Size, 1);
        // The resize, and then the move after the reservation of its target.
        foreach (int failing in (int[])[0, 2])
        {
            pages.FailAt = pages.Calls + failing;
            Layout.TryCreate(2 * layout.Size, 16, out Layout larger);
            block = heap.Reallocate(block, layout, larger.Size);
            Assert.True(block != null && Pattern.Holds(block, 10_000_000, 1));
            layout = larger;
        }

        heap.Deallocate(block, layout);
        heap.Dispose();
        Assert.Empty(pages.Live);
        Assert.Equal(0, pages.WrongReleases);
    }

    [Fact]
    public void Trim_purges_through_the_functions()
    {
        using CountingPages pages = new();
        Heap heap = new(pages.Options());
        Layout.TryCreate(1_000_000, 16, out Layout layout);
        heap.Deallocate(heap.Allocate(layout), layout);
        Assert.Equal(0, pages.Purges);
        Assert.InRange(heap.Trim(), layout.Size, 2 * layout.Size);
        Assert.InRange(pages.Purges, 1, 2);
        Assert.Equal(0u, heap.Trim());
        heap.Dispose();
    }

    [Fact]
    public void Pages_that_cannot_be_purged_stay_dirty()
    {
        using CountingPages pages = new() { RefusesPurge = true };
        Heap heap = new(pages.Options());
        Layout.TryCreate(1_000_000, 16, out Layout layout);
        void* block = heap.Allocate(layout);
        Pattern.Fill(block, layout.Size, 1);
        heap.Deallocate(block, layout);
        Assert.Equal(0u, heap.Trim());
        Assert.InRange(heap.GetStatistics().DirtyBytes, layout.Size, 2 * layout.Size);
        block = heap.AllocateZeroed(layout);
        Assert.True(Pattern.IsZero(block, layout.Size));
        heap.Dispose();
    }
}
