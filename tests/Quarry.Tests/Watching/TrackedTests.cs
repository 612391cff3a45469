using System;
using System.Collections.Generic;
using Xunit;
using static Quarry.Tests.Watching.OtherThreads;

namespace Quarry.Tests.Watching;

public sealed unsafe class TrackedTests : IDisposable
{
    private static readonly AllocationGroup s_parser = AllocationGroup.Register("parser");

    private readonly RecordingTracker _tracker = new();
    private readonly Tracked<SystemHeap> _tracked;

    public TrackedTests() => _tracked = new Tracked<SystemHeap>(default, _tracker);

    public void Dispose() => _tracked.Dispose();

    [Fact]
    public void Blocks_are_told_with_their_group_and_where_they_are_given_back()
    {
        void* outside = Take(10);
        void* inside;
        using (s_parser.Enter())
        {
            inside = Take(20);
            Give(outside);
        }

        Give(inside);
        Assert.Equal(["+10 root", "+20 parser", "-10 root in parser", "-20 parser in root"], _tracker.Events);
    }

    [Fact]
    public void A_tracker_sees_addresses_and_both_sizes()
    {
        TableTracker table = new();
        using Tracked<SystemHeap> tracked = new(default, table);
        void* block = tracked.Allocate(Layout.Create(100, 256));
        TrackedBlock told = Assert.Single(table.Blocks).Value;
        Assert.Equal((nuint)block, told.Address);
        Assert.Equal((nuint)100, told.Size);
        Assert.Equal((nuint)356, told.WrappedSize);
        tracked.Deallocate(block, default);
        Assert.Empty(table.Blocks);
    }

    [Fact]
    public void A_reallocation_is_told_once_and_belongs_to_who_made_it()
    {
        void* block = Take(10);
        using (s_parser.Enter())
        {
            block = _tracked.Reallocate(block, default, 100_000);
        }

        Give(block);
        Assert.Equal(
            ["+10 root", "10 root > 100000 parser", "-100000 parser in root"], _tracker.Events);
    }

    [Fact]
    public void Resizing_in_place_and_giving_all_back_are_told()
    {
        using Bump<Local> bump = new(1.MiB());
        using Tracked<Bump<Local>> tracked = new(bump, _tracker);
        void* block = tracked.Allocate(Layout.Create(10, 8));
        Assert.True(tracked.TryResize(block, default, 50));
        Assert.True(tracked.Reallocate(block, default, 60) == block);
        tracked.DeallocateAll();
        Assert.Equal(
            ["+10 root", "10 root > 50 root in place", "50 root > 60 root in place", "all in root"],
            _tracker.Events);
    }

    [Fact]
    public void What_a_hook_allocates_is_not_told()
    {
        List<nuint> told = [];
        Tracked<SystemHeap> tracked = default;
        tracked = new Tracked<SystemHeap>(default, new HookTracker(block =>
        {
            told.Add(block.Size);
            void* inner = tracked.Allocate(Layout.Create(block.Size + 1, 8));
            inner = tracked.Reallocate(inner, default, 5000);
            tracked.Deallocate(inner, default);
        }));
        tracked.Deallocate(tracked.Allocate(Layout.Create(10, 8)), default);
        Assert.Equal([(nuint)10, (nuint)10], told);
        tracked.Dispose();
    }

    [Fact]
    public void Nothing_is_told_in_an_untracked_scope()
    {
        void* outside = Take(1);
        using (AllocationGroup.Untracked())
        {
            Give(Take(2));
            using (AllocationGroup.Untracked())
            {
                Give(Take(3));
            }

            Give(Take(4));
        }

        Give(outside);
        Assert.Equal(["+1 root", "-1 root in root"], _tracker.Events);
    }

    [Fact]
    public void Switched_off_and_on_it_tells_only_of_blocks_whose_taking_it_told()
    {
        void* before = Take(1);
        _tracked.IsEnabled = false;
        Assert.False(_tracked.IsEnabled);
        void* meanwhile = Take(2);
        void* grown = Take(3);
        _tracked.IsEnabled = true;
        Give(meanwhile);
        grown = _tracked.Reallocate(grown, default, 30);
        Give(grown);
        Give(before);
        Assert.Equal(["+1 root", "+30 root", "-30 root in root", "-1 root in root"], _tracker.Events);
    }

    [Fact]
    public void A_hook_that_throws_is_not_called_again_and_harms_nobody()
    {
        int calls = 0;
        using Tracked<SystemHeap> tracked = new(default, new HookTracker(_ =>
        {
            calls++;
            throw new InvalidOperationException("no");
        }));
        byte* block = (byte*)tracked.Allocate(Layout.Create(10, 8));
        block[9] = 1;
        Assert.False(tracked.IsEnabled);
        Assert.Equal("no", Assert.IsType<InvalidOperationException>(tracked.Failure).Message);
        tracked.Deallocate(block, default);
        Assert.Equal(1, calls);

        tracked.IsEnabled = true;
        Assert.Null(tracked.Failure);
        Give(Take(1));
        Assert.Equal(["+1 root", "-1 root in root"], _tracker.Events);
    }

    [Fact]
    public void A_table_by_address_stays_right_with_many_threads()
    {
        TableTracker table = new();
        Heap heap = new();
        using Tracked<Heap> tracked = new(heap, table);
        Together(thread =>
        {
            Random random = new(thread);
            void*[] blocks = new void*[16];
            for (int round = 0; round < 20_000; round++)
            {
                ref void* block = ref blocks[random.Next(blocks.Length)];
                block = random.Next(3) switch
                {
                    0 when block != null => Given(block),
                    _ => tracked.Reallocate(block, default, (nuint)random.Next(1, 5000)),
                };
            }

            foreach (void* block in blocks)
            {
                tracked.Deallocate(block, default);
            }
        });

        Assert.Null(tracked.Failure);
        Assert.Empty(table.Blocks);
        heap.Dispose();

        void* Given(void* block)
        {
            tracked.Deallocate(block, default);
            return null;
        }
    }

    [Fact]
    public void A_block_is_owned_whatever_its_alignment_and_nothing_else_is()
    {
        Assert.Equal(Heap.Traits, Tracked<Heap>.Traits);
        Assert.Equal(
            AllocatorTraits.KnowsSize | (Bump<Local>.Traits & ~AllocatorTraits.KnowsOwnership),
            Tracked<Bump<Local>>.Traits);
        Heap heap = new();
        using Tracked<Heap> tracked = new(heap, _tracker);
        for (nuint alignment = 1; alignment <= 65536; alignment *= 2)
        {
            void* block = tracked.Allocate(Layout.Create(alignment * 3, alignment));
            Assert.True(tracked.Owns(block), $"alignment {alignment}");
            tracked.Deallocate(block, default);
        }

        nuint local = 0;
        Assert.False(tracked.Owns(null));
        Assert.False(tracked.Owns(&local));
        Assert.False(tracked.Owns((void*)16));
        heap.Dispose();
    }

    [Fact]
    public void After_dispose_it_still_serves_but_tells_nothing()
    {
        Tracked<SystemHeap> gone = new(default, _tracker);
        void* block = gone.Allocate(Layout.Create(1, 1));
        gone.Dispose();
        gone.Dispose();
        using Tracked<SystemHeap> next = new(default, _tracker);

        block = gone.Reallocate(block, default, 1000);
        gone.Deallocate(block, default);
        gone.Deallocate(gone.Allocate(Layout.Create(2, 1)), default);

        Assert.Equal(["+1 root"], _tracker.Events);
        _ = Assert.Throws<ObjectDisposedException>(() => gone.IsEnabled);
        _ = Assert.Throws<ObjectDisposedException>(() => gone.Failure);
        _ = Assert.Throws<ArgumentNullException>(() => new Tracked<SystemHeap>(default, null!));
    }

    private void* Take(int size) => _tracked.Allocate(Layout.Create((nuint)size, 8));

    private void Give(void* block) => _tracked.Deallocate(block, default);

    private sealed class HookTracker(Action<TrackedBlock> hook) : IAllocationTracker
    {
        public void Allocated(in TrackedBlock block) => hook(block);

        public void Deallocated(in TrackedBlock block, AllocationGroup current) => hook(block);
    }
}
