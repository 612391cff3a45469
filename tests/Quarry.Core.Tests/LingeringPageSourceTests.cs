using Xunit;

namespace Quarry.Core.Tests;

[Collection(nameof(Alone))]
public unsafe class LingeringPageSourceTests
{
    private const nuint Size = 1 << 20;

    [Fact]
    public void A_released_range_reads_as_zeros_and_is_unmapped_later()
    {
        PageSource pages = PageSource.System();
        byte* first = Taken(pages);
        first[100] = 7;
        pages.Release(pages.State, first, Size);
        Assert.Equal("r--p", Mappings.At((nuint)first));
        Assert.Equal(0u, Os.Resident(first, Size));
        Assert.Equal(0, first[100]);
        for (int others = 0; others < 200; others++)
        {
            pages.Release(pages.State, Taken(pages), Size);
        }

        Assert.NotEqual("rw-p", Mappings.At((nuint)first));
    }

    private static byte* Taken(PageSource pages)
    {
        byte* start = (byte*)pages.Reserve(pages.State, Size, Os.PageSize);
        Assert.True(start != null && pages.Commit(pages.State, start, Size));
        start[0] = 1;
        return start;
    }
}
