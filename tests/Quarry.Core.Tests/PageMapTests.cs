using System;
using Xunit;

namespace Quarry.Core.Tests;

public sealed unsafe class PageMapTests : IDisposable
{
    private const nuint Granule = Region.Alignment;

    // Addresses are only numbers here: nothing is ever mapped there.
    private static readonly nuint Somewhere = (nuint)0x1234 << 32;

    private readonly HeapFixture _heap = new();

    public void Dispose() => _heap.Dispose();

    private ref PageMap Entries => ref _heap.State->Backend.PageMap;

    [Theory]
    [InlineData(0)]
    [InlineData(0x1000)]
    [InlineData(0x7fff_ffff_ffff)]
    [InlineData(0x8000_0000_0000)]
    [InlineData(-1)]
    public void Nothing_is_found_where_nothing_was_set(long address) =>
        Assert.Equal(0u, Entries.Find((void*)(nint)address));

    [Fact]
    public void An_entry_holds_for_its_whole_granule_and_no_other()
    {
        Assert.True(TrySet((void*)Somewhere, 4096 | PageMap.HugeTag));
        nuint entry = 4096 | PageMap.HugeTag;
        Assert.Equal(entry, Entries.Find((void*)Somewhere));
        Assert.Equal(entry, Entries.Find((void*)(Somewhere + Granule - 1)));
        Assert.Equal(0u, Entries.Find((void*)(Somewhere - 1)));
        Assert.Equal(0u, Entries.Find((void*)(Somewhere + Granule)));
        Entries.Set((void*)Somewhere, 0);
        Assert.Equal(0u, Entries.Find((void*)Somewhere));
    }

    [Fact]
    public void A_region_that_spans_leaves_brings_those_that_are_missing()
    {
        nuint start = Somewhere + ((nuint)4 << 30) - (2 * Granule);
        nuint bytes = PageMap.LeafBytesFor(4 * Granule);
        byte* leaves = (byte*)MetadataPool.Allocate(&_heap.State->Backend.Metadata, bytes, 64);
        Assert.True(TrySet((void*)start, 17));
        Entries.SetRange((void*)start, 4 * Granule, 9, leaves);
        for (nuint offset = 0; offset < 4 * Granule; offset += Granule)
        {
            Assert.Equal(9u, Entries.Find((void*)(start + offset)));
        }

        Assert.Equal(0u, Entries.Find((void*)(start + (4 * Granule))));
        Assert.Equal(0u, Entries.Find((void*)(start - Granule)));
        Assert.True(Pattern.IsZero(leaves + (bytes / 2), bytes / 2));
    }

    [Fact]
    public void The_last_granule_that_a_program_can_address_has_an_entry()
    {
        nuint last = ((nuint)1 << Os.AddressBits) - Granule;
        Assert.True(TrySet((void*)last, 9));
        Assert.Equal(9u, Entries.Find((void*)(last + Granule - 1)));
        Entries.Set((void*)last, 0);
    }

    [Fact]
    public void Addresses_beyond_the_map_are_refused()
    {
        nuint beyond = (nuint)1 << Os.AddressBits;
        Assert.False(TrySet((void*)beyond, 9));
        Assert.False(PageMap.Covers((void*)(beyond - Granule), 2 * Granule));
        Assert.True(PageMap.Covers((void*)(beyond - Granule), Granule));
    }

    [Fact]
    public void Only_who_knows_the_entry_clears_it()
    {
        Assert.True(TrySet((void*)Somewhere, 9));
        Assert.False(Entries.TryClear((void*)Somewhere, 17));
        Assert.True(Entries.TryClear((void*)Somewhere, 9));
        Assert.False(Entries.TryClear((void*)Somewhere, 9));
    }

    [Fact]
    public void Mapped_blocks_are_enumerated_by_address()
    {
        nuint[] starts = [Somewhere, Somewhere + Granule, Somewhere + (1 << 30), (nuint)5 << 44];
        foreach (nuint start in starts)
        {
            Assert.True(TrySet((void*)start, 8192 | PageMap.HugeTag));
        }

        void* other = (void*)(Somewhere + (2 * Granule));
        Assert.True(TrySet(other, 8 | PageMap.RegionTag));
        void* block = null;
        foreach (nuint start in starts)
        {
            block = Entries.NextHuge(block, out nuint size);
            Assert.Equal((start, (nuint)8192), ((nuint)block, size));
            block = (byte*)block + Granule;
        }

        Assert.True(Entries.NextHuge(block, out _) == null);
        foreach (nuint start in starts)
        {
            Entries.Set((void*)start, 0);
        }
    }

    private bool TrySet(void* address, nuint entry)
    {
        bool prepared = Entries.TryPrepare(address, &_heap.State->Backend.Metadata);
        if (prepared)
        {
            Entries.Set(address, entry);
        }

        return prepared;
    }
}
