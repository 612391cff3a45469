using System;
using Quarry.Testing;
using Xunit;

namespace Quarry.Tests.Combinators;

/// <summary>The compositions of <c>docs/composing.md</c>.</summary>
public sealed unsafe class ComposingTests
{
    [Fact]
    public void A_pool_for_small_blocks_and_a_heap_for_the_rest_within_a_budget()
    {
        AllocatorConformance.Verify(
            () =>
            {
                Heap heap = new();
                Pool<Heap> pool = new(heap, Layout.Create(64, 16));
                Synchronized<Pool<Heap>> small = new(pool);
                Segregate<Synchronized<Pool<Heap>>, Heap, Bytes.Of64> bySize = new(small, heap);
                return new Limited<Segregate<Synchronized<Pool<Heap>>, Heap, Bytes.Of64>>(bySize, 64.MiB());
            },
            allocator =>
            {
                allocator.Dispose();
                allocator.Inner.Small.Dispose();
                allocator.Inner.Small.Inner.Dispose();
                allocator.Inner.Large.Dispose();
            },
            new ConformanceOptions { MaxAlignment = 16, Capacity = 64.MiB() });
    }

    [Fact]
    public void A_bump_allocator_behind_malloc()
    {
        using Bump<Shared> bump = new();
        Sized<Bump<Shared>> malloc = new(bump);
        void* block = malloc.Allocate(Layout.Create(100, 16));
        new Span<byte>(block, 100).Fill(1);
        block = malloc.Reallocate(block, default, 5000);
        Assert.Equal(100, new Span<byte>(block, 100).Count((byte)1));
        malloc.Deallocate(block, default);
        Assert.Equal((nuint)0, bump.UsedBytes);
    }

    [Fact]
    public void Scratch_memory_from_the_stack_and_an_arena()
    {
        using Arena arena = new();
        byte* buffer = stackalloc byte[1024];
        StackFront<Arena> front = new(arena, buffer, 1024);
        Quantize<StackFront<Arena>, FourPerDoubling> scratch = new(front);
        byte* text = (byte*)scratch.Allocate(Layout.Create(1, 1));
        for (nuint length = 1; length < 4000; length++)
        {
            text[length - 1] = (byte)length;
            text = (byte*)scratch.Reallocate(text, Layout.Create(length, 1), length + 1);
            Assert.Equal(length >= 896, arena.UsedBytes > 0);
        }

        for (nuint length = 1; length < 4000; length++)
        {
            Assert.Equal((byte)length, text[length - 1]);
        }
    }

    [Fact]
    public void Nodes_of_one_size_and_a_budget_for_everything()
    {
        Heap heap = new();
        int evicted = 0;
        Limited<Heap> budget = new(heap, 64.KiB(), request => evicted++ < 3 && request.Size == 0);
        Pool<Limited<Heap>> nodes = new(budget, Layout.Of<Node>());
        Segregate<Pool<Limited<Heap>>, Limited<Heap>, NodeSize> allocator = new(nodes, budget);
        nuint held = 0;
        while (allocator.Allocate(Layout.Of<Node>()) != null)
        {
            held++;
        }

        Assert.InRange(held * (nuint)sizeof(Node), 60.KiB(), 64.KiB());
        Assert.True(evicted > 0);
        Assert.True(allocator.Allocate(Layout.Create(5000, 8)) == null);
        nodes.Dispose();
        Assert.Equal((nuint)0, budget.UsedBytes);
        budget.Dispose();
        heap.Dispose();
    }

    private readonly struct NodeSize : IByteCount
    {
        public static nuint Bytes => (nuint)sizeof(Node);
    }

    private readonly record struct Node(nint Left, nint Right, long Value);
}
