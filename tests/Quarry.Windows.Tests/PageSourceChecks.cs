using System;

namespace Quarry.Windows.Tests;

/// <summary>The system's pages keep the contract of a page source.</summary>
internal static unsafe class PageSourceChecks
{
    private const nuint Size = 1 << 20, Page = 4096;

    internal static Check[] All =>
    [
        new("a range begins at the alignment that was asked for", Aligned),
        new("committed pages read as zeros and can be written", Committed),
        new("committing again keeps what is there", CommittedAgain),
        new("a part of a range can be committed in steps", CommittedInSteps),
        new("purged pages stay accessible and are zeros if so reported", Purged),
        new("large ranges begin at large alignments, time and again", LargeAligned),
        new("more than there is cannot be reserved", TooMuch),
        new("the sources of another system refuse", Foreign),
    ];

    private static PageSource Pages => PageSource.System();

    private static void Aligned()
    {
        for (nuint alignment = 1; alignment <= 1 << 30; alignment <<= 1)
        {
            byte* start = Reserve(Size, alignment);
            Check.That((nuint)start % alignment == 0, $"{(nuint)start:x} is a multiple of {alignment}");
            Commit(start + Size - Page, Page);
            start[Size - 1] = 1;
            Release(start, Size);
        }
    }

    private static void Committed()
    {
        byte* start = Reserve(Size, Page);
        Commit(start, 2 * Page);
        Check.That(!Span(start, 2 * Page).ContainsAnyExcept((byte)0), "fresh pages are zeros");
        Span(start, 2 * Page).Fill(7);
        Check.That(!Span(start, 2 * Page).ContainsAnyExcept((byte)7), "what was written is there");
        Release(start, Size);
    }

    private static void CommittedAgain()
    {
        byte* start = Reserve(Size, Page);
        Commit(start, Page);
        start[5] = 5;
        Commit(start, Size);
        Check.That(start[5] == 5 && start[Size - 1] == 0, "the first page kept its contents");
        Release(start, Size);
    }

    private static void CommittedInSteps()
    {
        byte* start = Reserve(Size, Page);
        for (nuint at = 0; at < Size; at += 16 * Page)
        {
            Commit(start + at, 16 * Page);
            start[at] = 1;
        }

        Release(start, Size);
    }

    private static void Purged()
    {
        byte* start = Reserve(Size, Page);
        Commit(start, Size);
        Span(start, Size).Fill(7);
        bool zeros = Pages.Purge(Pages.State, start + Page, Size - (2 * Page));
        Check.That(start[0] == 7 && start[Size - 1] == 7, "the pages around it are untouched");
        Check.That(!zeros || start[Page] == 0, "a promise of zeros is kept");
        Span(start, Size).Fill(9);
        Check.That(!Span(start, Size).ContainsAnyExcept((byte)9), "purged pages can be written");
        Release(start, Size);
    }

    private static void LargeAligned()
    {
        nuint size = (nuint)1 << 36;
        for (int turn = 0; turn < 64; turn++)
        {
            byte* start = Reserve(size, 1 << 30);
            Commit(start, Page);
            *start = 1;
            Release(start, size);
        }
    }

    private static void TooMuch()
    {
        Check.That(Pages.Reserve(Pages.State, (nuint)1 << 60, Page) == null, "2^60 bytes are too many");
        nuint all = nuint.MaxValue & ~(Page - 1);
        Check.That(Pages.Reserve(Pages.State, all, 1 << 21) == null, "a size that wraps is refused");
    }

    private static void Foreign()
    {
        void* other = OperatingSystem.IsWindows()
            ? default(MmapPageSource).Reserve(Size, Page)
            : default(VirtualAllocPageSource).Reserve(Size, Page);
        Check.That(other == null, "pages of another system are not to be had");
        bool isBreak = default(BrkPageSource).Reserve(Size, Page) != null;
        Check.That(isBreak == OperatingSystem.IsLinux(), "only Linux has a program break");
    }

    private static byte* Reserve(nuint size, nuint alignment)
    {
        byte* start = (byte*)Pages.Reserve(Pages.State, size, alignment);
        Check.That(start != null, $"{size} bytes can be reserved at {alignment}");
        return start;
    }

    private static void Commit(byte* start, nuint size) =>
        Check.That(Pages.Commit(Pages.State, start, size), $"{size} bytes can be committed");

    private static void Release(byte* start, nuint size) => Pages.Release(Pages.State, start, size);

    private static Span<byte> Span(byte* start, nuint size) => new(start, (int)size);
}
