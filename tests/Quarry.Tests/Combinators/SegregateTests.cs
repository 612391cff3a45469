using System;
using Xunit;

namespace Quarry.Tests.Combinators;

public sealed unsafe class SegregateTests : IDisposable
{
    private readonly Limited<SystemHeap> _small = new(default, 1.MiB());
    private readonly Limited<SystemHeap> _large = new(default, 1.MiB());

    private Segregate<Limited<SystemHeap>, Limited<SystemHeap>, Bytes.Of64> Parts => new(_small, _large);

    public void Dispose()
    {
        _small.Dispose();
        _large.Dispose();
    }

    [Theory]
    [InlineData(0, true)]
    [InlineData(64, true)]
    [InlineData(65, false)]
    [InlineData(4096, false)]
    public void The_size_decides_who_serves(int size, bool isSmall)
    {
        Layout layout = Layout.Create((nuint)size, 8);
        void* block = Parts.Allocate(layout);
        Assert.True(block != null);
        Assert.Equal(isSmall ? (nuint)size : 0, _small.UsedBytes);
        Assert.Equal(isSmall ? 0 : (nuint)size, _large.UsedBytes);
        Parts.Deallocate(block, layout);
        Assert.Equal((nuint)0, _small.UsedBytes + _large.UsedBytes);
    }

    [Fact]
    public void A_block_that_crosses_the_threshold_moves_with_its_contents()
    {
        Layout small = Layout.Create(64, 32), large = Layout.Create(100, 32);
        byte* block = (byte*)Parts.AllocateZeroed(small);
        Assert.False(Parts.TryResize(block, small, large.Size));
        new Span<byte>(block, 64).Fill(7);
        block = (byte*)Parts.Reallocate(block, small, large.Size);
        Assert.Equal<(nuint, nuint)>((0, 100), (_small.UsedBytes, _large.UsedBytes));
        Assert.Equal(64, new Span<byte>(block, 64).Count((byte)7));
        Assert.Equal((nuint)0, (nuint)block % 32);

        block = (byte*)Parts.Reallocate(block, large, 10);
        Assert.Equal<(nuint, nuint)>((10, 0), (_small.UsedBytes, _large.UsedBytes));
        Assert.Equal(10, new Span<byte>(block, 10).Count((byte)7));
        Parts.Deallocate(block, Layout.Create(10, 32));
        Assert.Equal((nuint)0, _small.UsedBytes);
    }

    [Fact]
    public void A_block_that_cannot_cross_stays_as_it_was()
    {
        using Limited<SystemHeap> tiny = new(default, 80);
        Segregate<Limited<SystemHeap>, Limited<SystemHeap>, Bytes.Of64> parts = new(_small, tiny);
        Layout layout = Layout.Create(64, 8);
        byte* block = (byte*)parts.Allocate(layout);
        *block = 42;
        Assert.True(parts.Reallocate(block, layout, 81) == null);
        Assert.True(parts.Reallocate(block, layout, nuint.MaxValue) == null);
        Assert.Equal(42, *block);
        Assert.Equal<(nuint, nuint)>((64, 0), (_small.UsedBytes, tiny.UsedBytes));
        parts.Deallocate(block, layout);
    }

    [Fact]
    public void The_traits_are_what_both_can_do()
    {
        AllocatorTraits both = Segregate<Heap, Bump<Shared>, Bytes.Of64>.Traits;
        Assert.Equal(
            AllocatorTraits.ResizesInPlace | AllocatorTraits.KnowsOwnership | AllocatorTraits.ThreadSafe, both);
        Assert.Equal(
            AllocatorTraits.ResizesInPlace | AllocatorTraits.Deallocates | AllocatorTraits.ThreadSafe,
            Segregate<SystemHeap, Heap, Bytes.Of64>.Traits);
        Assert.Equal(
            AllocatorTraits.Deallocates | AllocatorTraits.ThreadSafe,
            Segregate<SystemHeap, SystemHeap, Bytes.Of64>.Traits);
    }
}
