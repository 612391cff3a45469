using System.Threading;
using Xunit;

namespace Quarry.Tests.Blocks;

public sealed unsafe class NullTests
{
    private static nuint s_reported;

    [Fact]
    public void Every_request_fails()
    {
        Null allocator = default;
        Layout layout = Layout.Of<long>();
        Assert.True(allocator.Allocate(layout) == null);
        Assert.True(allocator.AllocateZeroed(layout) == null);
        Assert.True(allocator.Allocate(default) == null);
        Assert.True(allocator.Reallocate(null, layout, 16) == null);
        Assert.False(allocator.Owns(&layout));
    }

    [Fact]
    public void Null_may_be_freed_and_a_block_is_reported_by_its_address()
    {
        Null allocator = default;
        long block = 0;
        Null.OnForeign = &Record;
        try
        {
            s_reported = 0;
            allocator.Deallocate(null, Layout.Of<long>());
            Assert.Equal((nuint)0, s_reported);
            allocator.Deallocate(&block, Layout.Of<long>());
            Assert.Equal((nuint)(&block), s_reported);
            Assert.True(allocator.Reallocate(&block + 1, Layout.Of<long>(), 16) == null);
            Assert.Equal((nuint)(&block + 1), s_reported);
            Assert.False(allocator.TryResize(&block + 2, Layout.Of<long>(), 4));
            Assert.Equal((nuint)(&block + 2), s_reported);
        }
        finally
        {
            Null.OnForeign = null;
        }
    }

    private static void Record(void* block) => Volatile.Write(ref s_reported, (nuint)block);
}
