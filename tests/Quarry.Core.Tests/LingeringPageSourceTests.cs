using System.Collections.Generic;
using System.Runtime.InteropServices;
using Xunit;

namespace Quarry.Core.Tests;

[Collection(nameof(Alone))]
public unsafe class LingeringPageSourceTests
{
    private const nuint Size = 1 << 20;
    private const int AddressSpace = 9;

    private static readonly PageSource s_pages = PageSource.System();

    [Fact]
    public void A_released_range_reads_as_zeros_and_uses_no_memory()
    {
        byte* range = Taken(Size);
        range[100] = 7;
        Release(range, Size);
        Assert.Equal("r--p", Mappings.At((nuint)range));
        Assert.Equal(0u, Os.Resident(range, Size));
        Assert.Equal(0, range[100]);
    }

    [Fact]
    public void What_was_never_committed_of_a_released_range_stays_reserved()
    {
        byte* range = ReserveUnused(1024 * Size);
        Assert.True(s_pages.Commit(s_pages.State, range + Size, Size));
        Assert.True(s_pages.Commit(s_pages.State, range + (4 * Size), Size));
        range[(5 * Size) - 1] = 7;
        Release(range, 1024 * Size);
        Assert.Equal("r--p", Mappings.At((nuint)range + Size));
        Assert.Equal("r--p", Mappings.At((nuint)range + (5 * Size) - 1));
        Assert.Equal(0, range[(5 * Size) - 1]);
        Assert.Equal("---p", Mappings.At((nuint)range + (1000 * Size)));
        Assert.False(ReadableMemory.Contains(range + (1000 * Size)));
    }

    [Fact]
    public void No_range_is_unmapped_and_old_ones_are_reserved_again()
    {
        HashSet<nuint> seen = [];
        for (int round = 0; round < 2000; round++)
        {
            byte* range = Taken(Size);
            Assert.Equal(0, range[1]);
            range[1] = 1;
            Release(range, Size);
            _ = seen.Add((nuint)range);
        }

        Assert.InRange(seen.Count, 1, 300);
        Assert.All(seen, range => Assert.Contains(Mappings.At(range), (string[])["r--p", "rw-p"]));
    }

    [Fact]
    public void A_range_of_a_larger_one_is_aligned_and_zero()
    {
        byte* large = Taken(64 * Size);
        Release(large, 64 * Size);
        Displace();
        nuint alignment = 4 * Size;
        byte* range = (byte*)s_pages.Reserve(s_pages.State, Size, alignment);
        Assert.Equal(0u, (nuint)range % alignment);
        Assert.True(s_pages.Commit(s_pages.State, range, Size));
        Assert.Equal(0, range[0] | range[Size - 1]);
        Release(range, Size);
    }

    [Fact]
    public void The_end_that_a_range_loses_stays_readable()
    {
        byte* range = Taken(2 * Size);
        range[Size] = 7;
        Assert.True(s_pages.TryResize(s_pages.State, range, 2 * Size, Size));
        Assert.Equal(1, range[0]);
        Assert.Equal(0, range[Size]);
        Assert.True(ReadableMemory.Contains(range + Size));
        Release(range, Size);
    }

    [Fact]
    public void The_place_that_a_range_moves_from_stays_readable()
    {
        // A range that is reserved again may be several mappings, and the kernel moves single ones.
        byte* from = (byte*)default(MmapPageSource).Reserve(Size, Os.PageSize);
        byte* to = (byte*)default(MmapPageSource).Reserve(2 * Size, Os.PageSize);
        Assert.True(s_pages.Commit(s_pages.State, from, Size));
        from[0] = 1;
        Assert.True(s_pages.TryMove(s_pages.State, from, Size, to, 2 * Size));
        Assert.Equal(1, to[0]);
        to[(2 * Size) - 1] = 1;
        Assert.Equal(0, from[0]);
        Assert.Equal("r--p", Mappings.At((nuint)from));
        Release(to, 2 * Size);
    }

    [Fact]
    public void Under_a_limit_ranges_are_unmapped_those_from_before_it_included()
    {
        byte* before = Taken(Size);
        byte* shrunk = Taken(2 * Size);
        nuint[] unlimited = new nuint[2];
        Assert.Equal(0, GetLimit(AddressSpace, unlimited));
        Assert.Equal(0, SetLimit(AddressSpace, [(nuint)1 << 46, unlimited[1]]));
        try
        {
            byte* within = Taken(Size);
            Assert.True(ReadableMemory.Contains(before) && ReadableMemory.Contains(within));
            Release(before, Size);
            Release(within, Size);
            Assert.True(s_pages.TryResize(s_pages.State, shrunk, 2 * Size, Size));
            foreach (nuint released in new[] { (nuint)before, (nuint)within, (nuint)(shrunk + Size) })
            {
                Assert.False(ReadableMemory.Contains((void*)released));
                Assert.NotEqual("r--p", Mappings.At(released));
            }
        }
        finally
        {
            Assert.Equal(0, SetLimit(AddressSpace, unlimited));
        }

        Release(shrunk, Size);
        Assert.Equal("r--p", Mappings.At((nuint)shrunk));
    }

    /// <summary>Reserves addresses that no heap of an earlier test has used: those stay readable.</summary>
    private static byte* ReserveUnused(nuint size)
    {
        byte* range = (byte*)s_pages.Reserve(s_pages.State, size, Os.PageSize);
        while (Mappings.At((nuint)range + (1000 * Size)) != "---p")
        {
            range = (byte*)s_pages.Reserve(s_pages.State, size, Os.PageSize);
        }

        return range;
    }

    private static byte* Taken(nuint size)
    {
        byte* start = (byte*)s_pages.Reserve(s_pages.State, size, Os.PageSize);
        Assert.True(start != null && s_pages.Commit(s_pages.State, start, size));
        start[0] = 1;
        return start;
    }

    private static void Release(byte* start, nuint size) => s_pages.Release(s_pages.State, start, size);

    /// <summary>Releases as many ranges as wait before they are reserved again.</summary>
    private static void Displace()
    {
        List<nuint> ranges = [];
        for (int range = 0; range < 128; range++)
        {
            ranges.Add((nuint)Taken(Os.PageSize));
        }

        ranges.ForEach(range => Release((byte*)range, Os.PageSize));
    }

    [DllImport("libc", EntryPoint = "getrlimit")]
    private static extern int GetLimit(int resource, nuint[] limit);

    [DllImport("libc", EntryPoint = "setrlimit")]
    private static extern int SetLimit(int resource, nuint[] limit);
}
