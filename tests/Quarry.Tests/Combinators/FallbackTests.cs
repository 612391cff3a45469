using System;
using Xunit;

namespace Quarry.Tests.Combinators;

public sealed unsafe class FallbackTests : IDisposable
{
    private static readonly Layout s_block = Layout.Create(100, 4);

    private readonly Limited<Bump<Local>> _primary = new(new Bump<Local>(4096), 250);
    private readonly Limited<SystemHeap> _secondary = new(default, 1.MiB());

    private Fallback<Limited<Bump<Local>>, Limited<SystemHeap>> Both => new(_primary, _secondary);

    public void Dispose()
    {
        _primary.Inner.Dispose();
        _primary.Dispose();
        _secondary.Dispose();
    }

    [Fact]
    public void A_block_goes_back_to_where_it_came_from()
    {
        void* first = Both.Allocate(s_block);
        void* second = Both.AllocateZeroed(s_block);
        void* third = Both.Allocate(s_block);
        Assert.Equal<(nuint, nuint)>((200, 100), (_primary.UsedBytes, _secondary.UsedBytes));
        Both.Deallocate(second, s_block);
        Assert.Equal<(nuint, nuint)>((100, 100), (_primary.UsedBytes, _secondary.UsedBytes));
        Both.Deallocate(third, s_block);
        Assert.Equal<(nuint, nuint)>((100, 0), (_primary.UsedBytes, _secondary.UsedBytes));
        Both.Deallocate(first, s_block);
        Both.Deallocate(null, s_block);
        Assert.Equal<(nuint, nuint)>((0, 0), (_primary.UsedBytes, _secondary.UsedBytes));
    }

    [Fact]
    public void A_block_that_outgrows_the_first_moves_to_the_second()
    {
        byte* block = (byte*)Both.Allocate(s_block);
        new Span<byte>(block, 100).Fill(9);
        block = (byte*)Both.Reallocate(block, s_block, 300);
        Assert.Equal<(nuint, nuint)>((0, 300), (_primary.UsedBytes, _secondary.UsedBytes));
        Assert.Equal(100, new Span<byte>(block, 100).Count((byte)9));
        block = (byte*)Both.Reallocate(block, Layout.Create(300, 4), 10);
        Assert.Equal<(nuint, nuint)>((0, 10), (_primary.UsedBytes, _secondary.UsedBytes));
        Assert.Equal(10, new Span<byte>(block, 10).Count((byte)9));
        Both.Deallocate(block, Layout.Create(10, 4));
    }

    [Fact]
    public void The_second_may_be_the_one_that_knows()
    {
        Heap heap = new();
        Fallback<Limited<SystemHeap>, Heap> both = new(new Limited<SystemHeap>(default, 100), heap);
        void* first = both.Allocate(s_block);
        void* second = both.Allocate(s_block);
        Assert.False(heap.Owns(first));
        Assert.True(heap.Owns(second));
        both.Deallocate(first, s_block);
        both.Deallocate(second, s_block);
        Assert.Equal((nuint)0, both.Primary.UsedBytes);
        Assert.False(both.Owns(second));
        both.Primary.Dispose();
        heap.Dispose();
    }

    [Fact]
    public void Two_that_know_nothing_are_refused()
    {
        Assert.False(Fallback<SystemHeap, SystemHeap>.TryCreate(default, default, out _));
        NotSupportedException refusal = Assert.Throws<NotSupportedException>(
            () => new Fallback<SystemHeap, Sized<Heap>>(default, default));
        Assert.Contains(
            "Blocks of SystemHeap and Sized", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_traits_are_what_both_can_do()
    {
        Assert.Equal(
            AllocatorTraits.Deallocates | AllocatorTraits.ResizesInPlace | AllocatorTraits.KnowsOwnership
            | AllocatorTraits.ThreadSafe | AllocatorTraits.KnowsSize,
            Fallback<Heap, Heap>.Traits);
        Assert.Equal(
            AllocatorTraits.Deallocates | AllocatorTraits.ResizesInPlace | AllocatorTraits.ThreadSafe,
            Fallback<Heap, SystemHeap>.Traits);
    }
}
