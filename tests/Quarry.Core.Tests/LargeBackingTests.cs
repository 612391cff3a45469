using System;
using Xunit;

namespace Quarry.Core.Tests;

public sealed unsafe class LargeBackingTests : IDisposable
{
    private const nuint HugePage = 2 << 20, Size = 15 << 20, Long = 33 << 20, Part = 9 << 20;

    private readonly HeapFixture _heap = new((nuint)2 << 30);

    public void Dispose() => _heap.Dispose();

    [Fact]
    public void Blocks_that_follow_a_written_one_are_backed_before_they_are_written()
    {
        Assert.SkipUnless(HasHugePages(), "the system has no huge pages");
        Write(Allocate(Size), Size, 4096);
        byte* next = Allocate(Size);
        int backed = 0;

        // A block may share its first and its last huge page with its neighbors.
        for (; Resident(next) >= Size - (2 * HugePage); next = Allocate(Size))
        {
            backed++;
        }

        // Nothing was written where a huge page was left to page faults, so a block is inspected again.
        Assert.InRange(backed, 2, 3);
        Write(next, Size, 4096);
        Assert.InRange(Resident(Allocate(Size)), Size - (2 * HugePage), Size);
    }

    [Fact]
    public void Blocks_are_backed_as_long_as_the_program_writes_them()
    {
        Assert.SkipUnless(HasHugePages(), "the system has no huge pages");
        Write(Allocate(Size), Size, 4096);
        ulong backed = 0;
        for (int block = 0; block < 40; block++)
        {
            byte* next = Allocate(Size);
            backed += Resident(next);
            Write(next, Size, 4096);
        }

        Assert.InRange(backed, 40ul * Size * 9 / 10, 40ul * Size);
    }

    [Fact]
    public void Blocks_are_not_backed_any_more_when_the_program_stops_writing_them()
    {
        Write(Allocate(Size), Size, 4096);
        nuint backed = 0;
        for (int block = 0; block < 60; block++)
        {
            byte* next = Allocate(Size);
            backed += Resident(next);
            *next = 1;
        }

        Assert.InRange(backed, 0u, 4 * Size);
        Assert.Equal(0u, Resident(Allocate(Size)));
    }

    [Fact]
    public void Blocks_are_backed_as_far_as_the_one_before_was_written()
    {
        Assert.SkipUnless(HasHugePages(), "the system has no huge pages");
        const nuint Whole = 32 << 20, Written = 8 << 20;
        Write(Allocate(Whole), Written, 4096);
        for (int block = 0; block < 10; block++)
        {
            byte* next = Allocate(Whole);
            Assert.InRange(Resident(next, Written), Written - (2 * HugePage), Written);
            Assert.InRange(Resident(next, Whole), 0u, Written + (2 * HugePage));
            Write(next, Written, 4096);
        }
    }

    [Fact]
    public void Blocks_are_backed_further_when_the_program_writes_more_of_them()
    {
        Assert.SkipUnless(HasHugePages(), "the system has no huge pages");
        Write(Allocate(Size), 1 << 20, 4096);
        Write(Allocate(Size), Size, 4096);
        Assert.InRange(Resident(Allocate(Size)), Size - (2 * HugePage), Size);
    }

    [Fact]
    public void Blocks_in_a_row_are_backed_without_gaps()
    {
        Assert.SkipUnless(HasHugePages(), "the system has no huge pages");

        // From here on, memory is committed in steps that are larger than the blocks.
        void* before = Frontend.AllocateZeroed(200 << 20, Block.MinAlignment, _heap.Thread);
        Assert.True(before != null);
        for (int block = 0; block < 8; block++)
        {
            Write(Allocate(Size), Size, 4096);
        }

        Assert.Equal(Size, Resident(Allocate(Size)));
        Assert.Equal(Size, Resident(Allocate(Size)));
    }

    [Fact]
    public void The_purged_part_of_a_block_is_backed()
    {
        Assert.SkipUnless(HasHugePages(), "the system has no huge pages");
        byte* first = Allocate(Size);
        byte* second = Allocate(Size);
        Write(first, Size, 4096);
        Write(second, Size, 4096);
        _ = Allocate(Size);
        Frontend.Free(first, _heap.Thread);
        _ = _heap.State->Backend.PurgeAll();
        Frontend.Free(second, _heap.Thread);
        Assert.Equal(0u, Resident(first));
        Assert.True(Allocate(2 * Size) == first);
        Assert.InRange(Resident(first), Size - (2 * HugePage), Size);
    }

    [Fact]
    public void A_block_in_memory_that_was_written_in_part_is_backed()
    {
        Assert.SkipUnless(HasHugePages(), "the system has no huge pages");
        byte* first = Allocate(Size), second = Allocate(Size);
        for (nuint at = 0; at < Size; at += HugePage)
        {
            Write(first + at, HugePage / 2, 4096);
        }

        Write(Allocate(Size), Size, 4096);
        _ = Allocate(Size);
        Frontend.Free(first, _heap.Thread);
        Frontend.Free(second, _heap.Thread);
        Assert.True(Allocate(2 * Size) == first);
        Assert.InRange(Resident(first, 2 * Size), (2 * Size) - (2 * HugePage), 2 * Size);
    }

    [Fact]
    public void A_huge_page_of_which_another_block_wrote_little_is_backed()
    {
        Assert.SkipUnless(CanCollapse(), "the system cannot collapse huge pages");
        _ = AllocateAndWritePart();
        _ = AllocateAndWritePart();
        byte* before = AllocateAndWritePart();
        for (int block = 0; block < 8; block++)
        {
            byte* next = Allocate(Long);
            nuint shared = Layout.AlignUp((nuint)next, HugePage) - (nuint)next;
            Assert.True(next == before + Long);
            Assert.InRange(shared, HugePage / 4, HugePage - 1);
            Assert.Equal(shared, Resident(next, shared));
            Assert.InRange(Resident(next, Long), Part - HugePage, Part + HugePage);
            Assert.Equal(1, before[Long - 1]);
            Assert.True(Pattern.IsZero(next, Part));
            WritePart(next);
            before = next;
        }
    }

    [Fact]
    public void A_huge_page_of_which_another_block_wrote_much_is_left_to_page_faults()
    {
        _ = AllocateAndWritePart();
        for (int block = 0; block < 8; block++)
        {
            byte* before = AllocateAndWritePart();
            Write(before + Long - HugePage, HugePage, 4096);
            byte* next = Allocate(Long);
            nuint shared = Layout.AlignUp((nuint)next, HugePage) - (nuint)next;
            Assert.True(next == before + Long);
            Assert.True(shared > HugePage / 2 || Resident(next, shared) == 0);
        }
    }

    [Fact]
    public void A_huge_page_of_which_the_block_will_write_little_is_left_to_page_faults()
    {
        const nuint Short = 21 << 18, Written = Short / 8;
        Write(Allocate(Short), Written, 4096);
        byte* before = Allocate(Short);
        for (int block = 0; block < 20; block++)
        {
            before[Short - 1] = 1;
            byte* next = Allocate(Short);
            nuint shared = Layout.AlignUp((nuint)next, HugePage) - (nuint)next;
            Assert.True(next == before + Short);
            Assert.Equal(0u, Resident(next, shared));
            Write(next, Written, 4096);
            before = next;
        }
    }

    [Fact]
    public void A_huge_page_that_cannot_be_collapsed_is_left_to_page_faults()
    {
        Assert.SkipUnless(CanCollapse(), "the system cannot collapse huge pages");
        _ = AllocateAndWritePart();
        byte* before = AllocateAndWritePart();

        // A huge page cannot have two protections.
        Assert.True(Os.MakeReadOnly(before + Long - 4096, 4096));
        byte* next = Allocate(Long);
        nuint shared = Layout.AlignUp((nuint)next, HugePage) - (nuint)next;
        Assert.True(next == before + Long);
        Assert.Equal(4096u, Resident(next, shared));
        Assert.InRange(Resident(next, Long), Part - HugePage, Part + HugePage);
        Assert.True(Os.MakeWritable(before + Long - 4096, 4096));
        Assert.Equal(HugePageCollapse.Unsupported, _heap.State->Backend.Backing.Collapse);

        before = next;
        WritePart(before);
        next = Allocate(Long);
        Assert.Equal(0u, Resident(next, Layout.AlignUp((nuint)next, HugePage) - (nuint)next));
        Assert.InRange(Resident(next, Long), Part - HugePage, Part + HugePage);
    }

    [Fact]
    public void Memory_that_was_purged_in_parts_is_backed()
    {
        Assert.SkipUnless(CanCollapse(), "the system cannot collapse huge pages");
        byte* first = Allocate(Size), second = Allocate(Size);
        Write(first, Size, 4096);
        Write(second, Size, 4096);
        _ = Allocate(Size);
        Frontend.Free(first, _heap.Thread);

        // The page tables remain, and are empty.
        for (nuint at = 0; at < Size; at += HugePage / 2)
        {
            Assert.True(Os.Linux.Purge(first + at, HugePage / 2));
        }

        Frontend.Free(second, _heap.Thread);
        Assert.Equal(0u, Resident(first));
        Assert.True(Allocate(2 * Size) == first);
        Assert.InRange(Resident(first), Size - (2 * HugePage), Size);
    }

    [Fact]
    public void Blocks_keep_their_contents_when_others_are_backed()
    {
        const int Slots = 20;
        byte** blocks = stackalloc byte*[Slots];
        nuint* sizes = stackalloc nuint[Slots];
        Random random = new(7);
        for (int round = 0; round < 300; round++)
        {
            int slot = random.Next(Slots);
            Frontend.Free(blocks[slot], _heap.Thread);
            sizes[slot] = (nuint)random.Next(1 << 20, 12 << 20);
            blocks[slot] = Allocate(sizes[slot]);
            Pattern.Fill(blocks[slot], sizes[slot], (uint)slot);
            for (int other = 0; other < Slots; other++)
            {
                Assert.True(Pattern.Holds(blocks[other], sizes[other], (uint)other));
            }

            if (round % 50 == 0)
            {
                _ = _heap.State->Backend.PurgeAll();
            }
        }
    }

    [Fact]
    public void The_kernel_backs_only_large_blocks_with_huge_pages()
    {
        bool needsAdvice = HasHugePages() && !HasHugePages(advised: false);
        Assert.SkipUnless(needsAdvice, "the system has no huge pages on advice");
        byte* first = Allocate(Size);
        Write(first, Size, 4096);
        nuint end = (nuint)first + (1 << 30);
        int before = Mappings.CountIn((nuint)first, end);
        for (int block = 0; block < 10; block++)
        {
            byte* next = Allocate(Size);
            Write(next, Size, 4096);
            Assert.DoesNotContain("hg", Mappings.FlagsAt((nuint)next + (Size / 2)));
            Frontend.Free(Allocate(4 << 20), _heap.Thread);
        }

        // Ranges of different advice would be mappings of their own.
        Assert.InRange(Mappings.CountIn((nuint)first, end), 0, before + 5);
        byte* purged = Allocate(Size);
        Frontend.Free(purged, _heap.Thread);
        _ = _heap.State->Backend.PurgeAll();
        purged[Size / 2] = 1;
        Assert.InRange(Resident(purged), 4096u, HugePage - 4096);
    }

    [Fact]
    public void Free_memory_beside_a_block_is_not_backed()
    {
        Write(Allocate(Size), Size, 4096);
        byte* below = Allocate(Size), block = Allocate(Size), above = Allocate(Size);
        _ = Allocate(Size);
        Frontend.Free(below, _heap.Thread);
        Frontend.Free(block, _heap.Thread);
        Frontend.Free(above, _heap.Thread);
        _ = _heap.State->Backend.PurgeAll();
        Assert.Equal(0u, Resident(below, 3 * Size));
        byte* first = Allocate(2 * Size);
        Assert.True(first == below);
        Frontend.Free(first, _heap.Thread);
        _ = _heap.State->Backend.PurgeAll();
        Assert.Equal(0u, Resident(below, 3 * Size));
    }

    [Fact]
    public void Memory_that_has_huge_pages_by_default_keeps_them()
    {
        Assert.SkipUnless(HasHugePages(), "the system has no huge pages");
        Region* region = _heap.State->Backend.First;
        nuint slices = region->SliceCount - region->FirstSlice;
        Os.PreferHugePages(region->AddressOf(region->FirstSlice), slices * Region.SliceSize);
        Write(Allocate(Size), Size, 4096);
        byte* next = Allocate(Size);
        Assert.InRange(Resident(next), Size - (2 * HugePage), Size);
        Assert.Contains("hg", Mappings.FlagsAt((nuint)next + (Size / 2)));
    }

    [Fact]
    public void A_backed_block_reads_as_zeros()
    {
        Write(Allocate(Size), Size, 4096);
        Assert.True(Pattern.IsZero(Allocate(Size), Size));
    }

    [Theory]
    [InlineData(8192)]
    [InlineData(1 << 20)]
    public void Blocks_that_follow_a_partly_written_one_are_not_backed(int distance)
    {
        for (int block = 0; block < 20; block++)
        {
            byte* next = Allocate(Size);
            Assert.Equal(0u, Resident(next));
            Write(next, Size, (nuint)distance);
        }
    }

    [Fact]
    public void Zeroed_blocks_are_not_backed()
    {
        Write(Allocate(Size), Size, 4096);
        byte* block = (byte*)Frontend.AllocateZeroed(Size, Block.MinAlignment, _heap.Thread);
        Assert.Equal(0u, Resident(block));
    }

    [Fact]
    public void No_more_is_backed_than_written_blocks_warrant()
    {
        Write(Allocate(4 << 20), 4 << 20, 4096);
        nuint backed = 0;
        for (int block = 0; block < 10; block++)
        {
            backed += Resident(Allocate(8 << 20), 8 << 20);
        }

        Assert.InRange<nuint>(backed, 0, 4 * (4 << 20));
    }

    [Fact]
    public void Blocks_that_are_much_larger_than_what_was_written_are_not_backed()
    {
        Write(Allocate(Size), Size, 4096);
        Assert.Equal(0u, Resident(Allocate(200 << 20), 200 << 20));
        Write(Allocate(Size), Size, 4096);
        if (HasHugePages())
        {
            Assert.NotEqual(0u, Resident(Allocate(2 * Size), 2 * Size));
        }
    }

    private byte* Allocate(nuint size)
    {
        void* block = Frontend.Allocate(size, _heap.Thread);
        Assert.True(block != null);
        return (byte*)block;
    }

    private byte* AllocateAndWritePart()
    {
        byte* block = Allocate(Long);
        WritePart(block);
        return block;
    }

    private static void WritePart(byte* block)
    {
        Write(block, Part, 4096);
        block[Long - 1] = 1;
    }

    private static nuint Resident(byte* block, nuint size = Size) => Os.Resident(block, size);

    private static void Write(byte* block, nuint size, nuint distance)
    {
        for (nuint offset = 0; offset < size; offset += distance)
        {
            block[offset] = 1;
        }
    }

    private static bool HasHugePages(bool advised = true)
    {
        byte* range = (byte*)Os.Map(2 * HugePage);
        byte* page = (byte*)Layout.AlignUp((nuint)range, HugePage);
        if (advised)
        {
            Os.PreferHugePages(page, HugePage);
        }

        *page = 1;
        bool isHuge = Resident(page, HugePage) == HugePage;
        Os.Unmap(range, 2 * HugePage);
        return isHuge;
    }

    private static bool CanCollapse()
    {
        byte* range = (byte*)Os.Map(2 * HugePage);
        byte* page = (byte*)Layout.AlignUp((nuint)range, HugePage);
        Os.AvoidHugePages(page, HugePage);
        *page = 1;
        Os.PreferHugePages(page, HugePage);
        bool isHuge = Os.TryCollapse(page, HugePage) && Resident(page, HugePage) == HugePage;
        Os.Unmap(range, 2 * HugePage);
        return HasHugePages() && isHuge;
    }
}
