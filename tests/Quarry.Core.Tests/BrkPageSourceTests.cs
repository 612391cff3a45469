using Xunit;

namespace Quarry.Core.Tests;

/// <remarks>The C library of the test host moves the break, too, so each test is brief.</remarks>
[Collection(nameof(Alone))]
public unsafe class BrkPageSourceTests
{
    private const nuint Size = 1 << 20;

    private static BrkPageSource Pages => default;

    [Fact]
    public void Reserve_honours_the_alignment_and_release_lowers_the_break()
    {
        byte* start = (byte*)Pages.Reserve(Size, 1 << 16);
        bool aligned = start != null && (nuint)start % (1 << 16) == 0;
        bool zero = aligned && Pages.Commit(start, Size) && Pattern.IsZero(start, Size);
        bool purged = zero && Writes(start) && Pages.Purge(start, Size) && Pattern.IsZero(start, Size);
        nuint top = Os.Linux.Break(0);
        Pages.Release(start, Size);
        nuint after = Os.Linux.Break(0);
        Assert.True(aligned);
        Assert.True(zero);
        Assert.True(purged);
        Assert.True(after < top);
    }

    [Fact]
    public void Reserve_of_more_than_there_is_returns_null()
    {
        nuint top = Os.Linux.Break(0);
        Assert.True(Pages.Reserve((nuint)1 << 50, 4096) == null);
        Assert.True(Pages.Reserve(Layout.MaxSize, 4096) == null);
        Assert.Equal(top, Os.Linux.Break(0));
    }

    private static bool Writes(byte* start)
    {
        Pattern.Fill(start, Size, 3);
        return true;
    }
}
