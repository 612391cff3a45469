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
    public void The_functions_of_a_value_reach_the_instance()
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
    public void A_heap_uses_the_functions_of_its_user_and_gives_everything_back()
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
    public void Trim_purges_through_the_functions()
    {
        using CountingPages pages = new();
        Heap heap = Heap.Create(pages.Options());
        Layout.TryCreate(1_000_000, 16, out Layout layout);
        heap.Deallocate(heap.Allocate(layout), layout);
        Assert.Equal(0, pages.Purges);
        Assert.InRange(heap.Trim(), layout.Size, 2 * layout.Size);
        Assert.InRange(pages.Purges, 1, 2);
        Assert.Equal(0u, heap.Trim());
        heap.Dispose();
    }

    [Fact]
    public void What_cannot_be_purged_stays_dirty()
    {
        using CountingPages pages = new() { RefusesPurge = true };
        Heap heap = Heap.Create(pages.Options());
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
