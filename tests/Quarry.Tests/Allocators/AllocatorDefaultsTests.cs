using System;
using Xunit;

namespace Quarry.Tests.Allocators;

/// <summary>The members that an allocator may leave to <see cref="AllocatorDefaults"/>.</summary>
public sealed unsafe class AllocatorDefaultsTests : IDisposable
{
    private readonly Heap _heap = new();

    public void Dispose() => _heap.Dispose();

    // As realloc does, which has an address and no size.
    [Fact]
    public void Reallocating_without_a_size_keeps_the_contents_if_the_allocator_knows_it()
    {
        Sized<Heap> sized = new(_heap);
        void* block = sized.Allocate(Layout.Create(100, 8));
        new Span<byte>(block, 100).Fill(7);
        Layout unknown = Layout.Create(0, 8);
        void* moved = AllocatorDefaults.Reallocate(sized, block, unknown, 5000);
        Assert.True(moved != null);
        Assert.Equal(100, new Span<byte>(moved, 100).Count((byte)7));
        sized.Deallocate(moved, unknown);
    }

    [Fact]
    public void The_default_page_allocator_serves_nothing()
    {
        PageAllocator none = default;
        Assert.True(none.IsDefault && !new PageAllocator().IsDefault);
        Assert.True(none.Allocate(Layout.Of<int>()) == null);
        Assert.True(none.Reallocate(null, Layout.Of<int>(), 10) == null);
        none.Deallocate((void*)4096, Layout.Of<int>());
    }
}
