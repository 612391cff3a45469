using Xunit;

namespace Quarry.Tests.Checked;

/// <summary>Blocks given back, resized or asked about wrongly.</summary>
public sealed unsafe class CheckedFreeTests
{
    [Theory]
    [InlineData(24, 16, 25, 16)]
    [InlineData(24, 16, 24, 8)]
    [InlineData(24, 16, 0, 1)]
    [InlineData(0, 8, 1, 8)]
    public void Giving_back_with_another_layout_is_a_mismatch(
        int size, int alignment, int namedSize, int namedAlignment)
    {
        using Checked<SystemHeap> memory = Checking.OverSystem();
        Layout layout = Checking.Bytes((nuint)size, (nuint)alignment);
        Layout named = Checking.Bytes((nuint)namedSize, (nuint)namedAlignment);
        void* block = memory.Allocate(layout);
        memory.Deallocate(block, named);
        ViolationReport found = Checking.Single(memory);
        Assert.Equal(ViolationKind.LayoutMismatch, found.Kind);
        Assert.Equal((nuint)block, found.Address);
        Assert.Equal(layout, found.Layout);
        Assert.Equal(named, found.SpecifiedLayout);
        Assert.Null(found.FreedAt);
        Assert.Equal(0u, memory.GetLeaks().Blocks);
    }

    [Fact]
    public void Resizing_with_another_layout_keeps_what_is_there()
    {
        using Checked<SystemHeap> memory = Checking.OverSystem();
        byte* block = (byte*)memory.AllocateZeroed(Checking.Bytes(4));
        block[3] = 7;
        byte* moved = (byte*)memory.Reallocate(block, Checking.Bytes(100), 8);
        Assert.Equal(ViolationKind.LayoutMismatch, Checking.Single(memory).Kind);
        Assert.Equal(7, moved[3]);
        memory.Deallocate(moved, Checking.Bytes(8));
        Assert.Single(memory.Violations);
    }

    [Fact]
    public void Over_an_allocator_that_knows_sizes_none_need_be_named()
    {
        Heap heap = new();
        using (Checked<Heap> memory = new(heap))
        {
            void* block = memory.Allocate(Checking.Bytes(100, 32));
            Assert.Equal(100u, memory.UsableSize(block, default));
            block = memory.Reallocate(block, default, 200);
            memory.Deallocate(block, default);
        }

        heap.Dispose();
    }

    [Fact]
    public void Giving_back_twice_names_both_and_harms_nothing()
    {
        using Checked<SystemHeap> memory = Checking.OverSystem();
        Layout layout = Checking.Bytes(40);
        void* block = memory.Allocate(layout);
        memory.Deallocate(block, layout);
        memory.Deallocate(block, layout);
        ViolationReport found = Checking.Single(memory);
        Assert.Equal(ViolationKind.DoubleFree, found.Kind);
        Assert.Equal((nuint)block, found.Address);
        Assert.Equal(0, found.Offset);
        Assert.NotNull(found.AllocatedAt);
        Assert.NotNull(found.FreedAt);
        Assert.NotEqual(found.FreedAt, found.DetectedAt);
    }

    [Fact]
    public void What_was_given_back_cannot_be_resized()
    {
        using Checked<SystemHeap> memory = Checking.OverSystem();
        Layout layout = Checking.Bytes(40);
        void* block = memory.Allocate(layout);
        memory.Deallocate(block, layout);
        Assert.True(memory.Reallocate(block, layout, 80) == null);
        Assert.Equal(ViolationKind.DoubleFree, Checking.Single(memory).Kind);
    }

    [Fact]
    public void Resizing_always_moves_so_the_old_address_is_stale()
    {
        using Checked<SystemHeap> memory = Checking.OverSystem();
        Layout layout = Checking.Bytes(40);
        void* block = memory.Allocate(layout);
        void* moved = memory.Reallocate(block, layout, 40);
        Assert.True(moved != block);
        Assert.False(memory.TryResize(moved, layout, 20));
        memory.Deallocate(block, layout);
        Assert.Equal(ViolationKind.DoubleFree, Checking.Single(memory).Kind);
        memory.Deallocate(moved, layout);
    }

    [Fact]
    public void An_address_of_nobody_is_foreign()
    {
        using Checked<SystemHeap> memory = Checking.OverSystem();
        long local;
        memory.Deallocate(&local, Checking.Bytes(8));
        ViolationReport found = Checking.Single(memory);
        Assert.Equal(ViolationKind.ForeignPointer, found.Kind);
        Assert.Equal((nuint)(&local), found.Address);
        Assert.Equal(8u, found.SpecifiedLayout.Size);
        Assert.Null(found.AllocatedAt);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(8)]
    [InlineData(39)]
    [InlineData(40)]
    [InlineData(-1)]
    public void An_address_inside_a_block_is_told_with_its_offset(int offset)
    {
        using Checked<SystemHeap> memory = Checking.OverSystem();
        Layout layout = Checking.Bytes(40);
        byte* block = (byte*)memory.Allocate(layout);
        memory.Deallocate(block + offset, layout);
        ViolationReport found = Checking.Single(memory);
        Assert.Equal(ViolationKind.InteriorPointer, found.Kind);
        Assert.Equal((nuint)block, found.Address);
        Assert.Equal(offset, found.Offset);
        Assert.True(memory.Owns(block));
        memory.Deallocate(block, layout);
        Assert.Single(memory.Violations);
    }

    [Fact]
    public void Asking_for_the_size_of_no_block_is_reported()
    {
        using Checked<SystemHeap> memory = Checking.OverSystem();
        long local;
        Assert.Equal(0u, memory.UsableSize(&local, Checking.Bytes(8)));
        Assert.Equal(ViolationKind.ForeignPointer, Checking.Single(memory).Kind);
    }

    [Fact]
    public void Null_is_harmless_and_resizing_it_allocates()
    {
        using Checked<SystemHeap> memory = Checking.OverSystem();
        memory.Deallocate(null, Checking.Bytes(8));
        void* block = memory.Reallocate(null, Checking.Bytes(0), 8);
        memory.Deallocate(block, Checking.Bytes(8));
        Assert.Empty(memory.Violations);
    }

    [Fact]
    public void Resizing_that_fails_leaves_the_block()
    {
        using Checked<SystemHeap> memory = Checking.OverSystem();
        Layout layout = Checking.Bytes(8);
        long* block = (long*)memory.Allocate(layout);
        *block = 5;
        Assert.True(memory.Reallocate(block, layout, Layout.MaxSize - 8) == null);
        Assert.Equal(5, *block);
        memory.Deallocate(block, layout);
        Assert.Empty(memory.Violations);
    }

    [Fact]
    public void An_inner_allocator_that_serves_a_block_twice_is_found_out()
    {
        using Bump<Local> bump = new();
        using Checked<Bump<Local>> memory = new(bump, Checking.Collecting);
        Layout layout = Checking.Bytes(40);
        void* block = memory.Allocate(layout);
        bump.Reset();
        Assert.True(memory.Allocate(Checking.Bytes(48)) == block);
        ViolationReport found = Checking.Single(memory);
        Assert.Equal(ViolationKind.DuplicateAllocation, found.Kind);
        Assert.Equal((nuint)block, found.Address);
        Assert.Equal(40u, found.Layout.Size);
        Assert.Equal(48u, found.SpecifiedLayout.Size);
        memory.Deallocate(block, Checking.Bytes(48));
        Assert.Single(memory.Violations);
    }
}
