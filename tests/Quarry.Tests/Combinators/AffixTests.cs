using System;
using Xunit;

namespace Quarry.Tests.Combinators;

public sealed unsafe class AffixTests
{
    public static TheoryData<int> Alignments => [.. Powers()];

    [Theory]
    [MemberData(nameof(Alignments))]
    public void Both_values_survive_and_the_alignment_holds(int alignment)
    {
        using Limited<SystemHeap> inner = new(default, 16.MiB());
        Affix<Limited<SystemHeap>, (long, int), (int, byte)> affix = new(inner);
        foreach (nuint size in new nuint[] { 0, 1, 7, 64, 1000, 5000, 3 })
        {
            Layout layout = Layout.Create(size, (nuint)alignment);
            byte* block = (byte*)affix.Allocate(layout);
            Assert.Equal((nuint)0, (nuint)block % (nuint)alignment);
            Assert.Equal(default, PrefixOf(block));
            Assert.Equal(default, SuffixOf(block, layout));
            PrefixOf(block) = (1L << 40, 11);
            SuffixOf(block, layout) = (22, 33);
            new Span<byte>(block, (int)size).Fill(0xEE);
            Verify(block, layout, (int)size);

            nuint newSize = (size * 2) + 1;
            Layout newLayout = Layout.Create(newSize, (nuint)alignment);
            block = (byte*)affix.Reallocate(block, layout, newSize);
            Assert.Equal((nuint)0, (nuint)block % (nuint)alignment);
            Verify(block, newLayout, (int)size);
            affix.Deallocate(block, newLayout);
            Assert.Equal((nuint)0, inner.UsedBytes);
        }
    }

    [Fact]
    public void The_values_stay_when_the_block_is_resized_in_place()
    {
        using Bump<Local> bump = new(1.MiB());
        Affix<Bump<Local>, int, int> affix = new(bump);
        Layout layout = Layout.Create(10, 1), larger = Layout.Create(99, 1);
        void* block = affix.AllocateZeroed(layout);
        Affix<Bump<Local>, int, int>.PrefixOf(block) = 5;
        Affix<Bump<Local>, int, int>.SuffixOf(block, layout) = 6;
        Assert.True(affix.TryResize(block, layout, larger.Size));
        Assert.Equal(5, Affix<Bump<Local>, int, int>.PrefixOf(block));
        Assert.Equal(6, Affix<Bump<Local>, int, int>.SuffixOf(block, larger));
        Assert.True(affix.TryResize(block, larger, layout.Size));
        Assert.Equal(6, Affix<Bump<Local>, int, int>.SuffixOf(block, layout));
    }

    [Fact]
    public void Sizes_that_the_values_make_too_large_are_refused()
    {
        Affix<SystemHeap, long, long> affix = default;
        for (nuint less = 0; less < 32; less++)
        {
            Assert.True(affix.Allocate(Layout.Create(Layout.MaxSize - less, 1)) == null);
            Assert.True(affix.AllocateZeroed(Layout.Create(Layout.MaxSize - less, 1)) == null);
        }

        Assert.True(affix.Allocate(Layout.Create(Layout.MaxSize / 2, (Layout.MaxSize / 2) + 1)) == null);
    }

    [Fact]
    public void Sized_remembers_what_nobody_tells_it()
    {
        using Bump<Local> bump = new(1.MiB());
        Sized<Bump<Local>> sized = new(bump);
        byte* block = (byte*)sized.Allocate(Layout.Create(100, 64));
        _ = sized.Allocate(Layout.Create(1, 1));
        new Span<byte>(block, 100).Fill(1);
        Assert.Equal((nuint)100, sized.UsableSize(block, default));
        block = (byte*)sized.Reallocate(block, default, 200);
        Assert.Equal((nuint)0, (nuint)block % 64);
        Assert.Equal(100, new Span<byte>(block, 100).Count((byte)1));
        Assert.Equal<(nuint, nuint)>(
            (200, 64), (Sized<Bump<Local>>.LayoutOf(block).Size, Sized<Bump<Local>>.LayoutOf(block).Alignment));

        // The last block: the bump allocator has it back, though only the address is told.
        nuint used = bump.UsedBytes;
        sized.Deallocate(block, default);
        Assert.Equal(used - (64 + 200), bump.UsedBytes);
    }

    [Fact]
    public void Sized_costs_sixteen_bytes()
    {
        using Bump<Local> bump = new(1.MiB());
        Sized<Bump<Local>> sized = new(bump);
        for (nuint count = 1; count <= 100; count++)
        {
            Assert.True(sized.Allocate(Layout.Create(32, 16)) != null);
            Assert.Equal(count * 48, bump.UsedBytes);
        }

        Assert.Equal(
            AllocatorTraits.ResizesInPlace | AllocatorTraits.DeallocatesAll | AllocatorTraits.KnowsSize,
            Sized<Bump<Local>>.Traits);
    }

    private static ref (long, int) PrefixOf(void* block) =>
        ref Affix<Limited<SystemHeap>, (long, int), (int, byte)>.PrefixOf(block);

    private static ref (int, byte) SuffixOf(void* block, Layout layout) =>
        ref Affix<Limited<SystemHeap>, (long, int), (int, byte)>.SuffixOf(block, layout);

    private static void Verify(byte* block, Layout layout, int filled)
    {
        Assert.Equal((1L << 40, 11), PrefixOf(block));
        Assert.Equal((22, 33), SuffixOf(block, layout));
        Assert.Equal(filled, new Span<byte>(block, filled).Count((byte)0xEE));
    }

    private static System.Collections.Generic.IEnumerable<int> Powers()
    {
        for (int alignment = 1; alignment <= 4096; alignment *= 2)
        {
            yield return alignment;
        }
    }
}
