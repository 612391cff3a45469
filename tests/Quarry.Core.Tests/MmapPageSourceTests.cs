using Xunit;

namespace Quarry.Core.Tests;

[Collection(nameof(Alone))]
public unsafe class MmapPageSourceTests
{
    private const nuint Size = 64 * 1024;

    private static MmapPageSource Pages => default;

    [Theory]
    [InlineData(1)]
    [InlineData(4096)]
    [InlineData(65536)]
    [InlineData(2 << 20)]
    [InlineData(1 << 30)]
    public void Reserve_honours_the_alignment_and_releases_the_surplus(int alignment)
    {
        byte* start = (byte*)Pages.Reserve(Size, (nuint)alignment);
        Assert.True((nuint)start % (nuint)alignment == 0);
        Assert.Equal("---p", Mappings.At((nuint)start));
        Pages.Release(start, Size);
        Assert.NotEqual("---p", Mappings.At((nuint)start));
    }

    [Fact]
    public void Committed_pages_read_zero_and_are_writable()
    {
        byte* start = (byte*)Pages.Reserve(Size, 4096);
        Assert.True(Pages.Commit(start, 8192));
        Assert.True(Pattern.IsZero(start, 8192));
        Pattern.Fill(start, 8192, 1);
        Assert.True(Pattern.Holds(start, 8192, 1));
        Assert.Equal("rw-p", Mappings.At((nuint)start));
        Assert.Equal("---p", Mappings.At((nuint)start + 8192));
        Pages.Release(start, Size);
    }

    [Fact]
    public void Committing_again_keeps_the_contents()
    {
        byte* start = (byte*)Pages.Reserve(Size, 4096);
        Assert.True(Pages.Commit(start, 4096));
        start[5] = 5;
        Assert.True(Pages.Commit(start, 8192));
        Assert.Equal(5, start[5]);
        Pages.Release(start, Size);
    }

    [Fact]
    public void Purged_pages_read_zero_and_stay_writable()
    {
        byte* start = (byte*)Pages.Reserve(Size, 4096);
        Assert.True(Pages.Commit(start, Size));
        Pattern.Fill(start, Size, 1);
        Assert.True(Pages.Purge(start, Size));
        Assert.True(Pattern.IsZero(start, Size));
        start[0] = 1;
        Pages.Release(start, Size);
    }

    private static byte* Committed()
    {
        byte* start = (byte*)Pages.Reserve(Size, 4096);
        Assert.True(Pages.Commit(start, Size));
        Pattern.Fill(start, Size, 1);
        return start;
    }

    [Fact]
    public void Reserve_of_more_than_there_is_returns_null() =>
        Assert.True(Pages.Reserve((nuint)1 << 60, 4096) == null);

    [Fact]
    public void Reserve_whose_size_and_alignment_wrap_returns_null()
    {
        Assert.True(Pages.Reserve(nuint.MaxValue & ~(nuint)4095, 1 << 21) == null);
        Assert.True(Pages.Reserve(Layout.MaxSize, (nuint)1 << 62) == null);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(5)]
    public void A_range_moves_with_its_contents_and_the_rest_of_the_target_is_zero(int times)
    {
        nuint newSize = Size * (nuint)times;
        byte* from = Committed();
        byte* to = (byte*)Pages.Reserve(newSize, 4096);
        Assert.True(Pages.TryMove(from, Size, to, newSize));
        Assert.NotEqual("rw-p", Mappings.At((nuint)from));
        Assert.True(Pattern.Holds(to, Size, 1));
        Assert.True(Pattern.IsZero(to + Size, newSize - Size));
        Pattern.Fill(to, newSize, 2);
        Assert.True(Pattern.Holds(to, newSize, 2));
        Pages.Release(to, newSize);
    }

    [Fact]
    public void A_range_that_has_moved_can_be_moved_again()
    {
        byte* block = Committed();
        nuint size = Size;
        for (; size < 64 * Size; size *= 2)
        {
            byte* target = (byte*)Pages.Reserve(2 * size, 4096);
            Assert.True(Pages.TryMove(block, size, target, 2 * size));
            block = target;
        }

        Assert.True(Pattern.Holds(block, Size, 1));
        Assert.True(Pages.TryResize(block, size, Size));
        Assert.True(Pattern.Holds(block, Size, 1));
        Pages.Release(block, Size);
    }

    [Fact]
    public void A_move_that_fails_leaves_both_ranges_as_they_were()
    {
        // The source is two mappings, which the kernel does not move while growing them.
        byte* from = Committed();
        Assert.True(Os.MakeReadOnly(from + (Size / 2), 4096));
        byte* to = (byte*)Pages.Reserve(2 * Size, 4096);
        Assert.False(Pages.TryMove(from, Size, to, 2 * Size));
        Assert.True(Pattern.Holds(from, Size, 1));
        Assert.Equal("---p", Mappings.At((nuint)to));
        Assert.Equal("---p", Mappings.At((nuint)to + Size));
        Pages.Release(from, Size);
        Pages.Release(to, 2 * Size);
    }

    [Fact]
    public void A_range_shrinks_in_place_and_releases_its_end()
    {
        byte* start = Committed();
        Assert.True(Pages.TryResize(start, Size, Size / 2));
        Assert.True(Pattern.Holds(start, Size / 2, Size, 1));
        Assert.NotEqual("rw-p", Mappings.At((nuint)start + (Size / 2)));
        Assert.False(Pages.TryResize(start, Size / 2, (nuint)1 << 60));
        Assert.True(Pattern.Holds(start, Size / 2, Size, 1));
        Pages.Release(start, Size / 2);
    }

    [Fact]
    public void Core_dumps_contain_committed_pages_only()
    {
        byte* start = (byte*)Pages.Reserve(Size, 4096);
        Assert.Contains("dd", Mappings.FlagsAt((nuint)start));
        Assert.True(Pages.Commit(start, Size / 2));
        Assert.DoesNotContain("dd", Mappings.FlagsAt((nuint)start));
        Assert.Contains("dd", Mappings.FlagsAt((nuint)start + (Size / 2)));
        Os.Decommit(start, Size / 2);
        Assert.Contains("dd", Mappings.FlagsAt((nuint)start));
        Pages.Release(start, Size);
    }

    [Fact]
    public void Commit_of_what_is_not_reserved_fails()
    {
        byte* start = (byte*)Pages.Reserve(Size, 4096);
        Pages.Release(start, Size);
        Assert.False(Pages.Commit(start, Size));
    }
}
