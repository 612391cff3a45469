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
    public void Reserve_honours_the_alignment_and_gives_the_surplus_back(int alignment)
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

    [Fact]
    public void Reserve_of_more_than_there_is_yields_null() =>
        Assert.True(Pages.Reserve((nuint)1 << 60, 4096) == null);

    [Fact]
    public void Reserve_whose_size_and_alignment_wrap_yields_null()
    {
        Assert.True(Pages.Reserve(nuint.MaxValue & ~(nuint)4095, 1 << 21) == null);
        Assert.True(Pages.Reserve(Layout.MaxSize, (nuint)1 << 62) == null);
    }

    [Fact]
    public void Commit_of_what_is_not_reserved_fails()
    {
        byte* start = (byte*)Pages.Reserve(Size, 4096);
        Pages.Release(start, Size);
        Assert.False(Pages.Commit(start, Size));
    }
}
