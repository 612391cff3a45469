using Xunit;

namespace Quarry.Tests.Blocks;

public sealed unsafe class PageAllocatorTests
{
    [Fact]
    public void A_block_takes_whole_pages_and_can_use_them()
    {
        PageAllocator pages = new();
        Layout layout = Layout.Create(5000, 1);
        byte* block = (byte*)pages.Allocate(layout);
        Assert.Equal((nuint)0, (nuint)block % PageSource.Granularity);
        Assert.Equal((nuint)8192, pages.UsableSize(block, layout));
        Assert.True(pages.TryResize(block, layout, 8192));
        Assert.False(pages.TryResize(block, layout, 8193));
        Assert.False(pages.TryResize(block, layout, 4096));
        block[8191] = 1;
        pages.Deallocate(block, Layout.Create(8192, 1));
    }

    [Fact]
    public void What_the_source_cannot_serve_is_null()
    {
        byte* memory = stackalloc byte[2 * (int)PageSource.Granularity];
        FixedPageSource range = new(memory, 2 * PageSource.Granularity);
        PageAllocator pages = new(PageSource.Of(&range));
        Assert.True(pages.Allocate(Layout.Create(3 * PageSource.Granularity, 1)) == null);
        void* block = pages.Allocate(Layout.Create(100, 1));
        Assert.True(block >= memory && block < memory + (2 * PageSource.Granularity));
        Assert.True(pages.Allocate(Layout.Create(100, 1)) == null);
        Assert.True(new PageAllocator().Allocate(Layout.Create(Layout.MaxSize, 1)) == null);
    }
}
