using System.Threading;

namespace Quarry;

/// <summary>
/// Backs large blocks with huge pages before they are written, as far as the program is going to write them.
/// </summary>
/// <remarks>
/// <para>
/// The first write to each page of fresh memory is a page fault, which costs more than writing the page. One
/// huge page saves 511 of them, but in a program that writes a few bytes of each, it multiplies the memory.
/// So a block is left to page faults and inspected when the next one is allocated. The blocks that follow are
/// backed from their start as far as that block was written, up to <see cref="Trust"/> times these bytes, but
/// for blocks of more than half of that: tables that a program reserves for the worst case are often larger
/// than what it has written before. When half is spent, one huge page of a block is left to page faults; if
/// the program has written it by the next allocation, twice as much may be backed. If the program writes less
/// of its blocks from then on, it uses at most <see cref="MaxCredit"/> more memory.
/// </para>
/// <para>
/// Blocks in memory that was used before are backed as well where it is in memory in part only: blocks of
/// other sizes were there, or some of its slices were purged. The contents are stale, so the old pages are
/// discarded, which costs less than copying them. A huge page that another block shares is collapsed instead:
/// the kernel replaces what is in memory of it, with its contents.
/// </para>
/// <para>
/// In a process with a filter of system calls nothing is inspected, so nothing is backed: some filters, such
/// as that of systemd, end a process that makes the calls.
/// </para>
/// <para>
/// The advice to use huge pages stays with the addresses: the kernel would also back small blocks there with
/// huge pages, and slices that were purged. So it is in force only while this type writes to each of the huge
/// pages, and replaced by the opposite advice then, because the kernel has no call that only withdraws it. To
/// the kernel, ranges of different advice are separate mappings, so the first time the whole region gets that
/// advice. Where huge pages are the default, no advice is given.
/// </para>
/// <para>
/// The fields are hints, so they need no atomic operation, except that only one thread inspects a watched
/// block. It may have been freed, and its memory purged or used again: regions stay mapped.
/// </para>
/// </remarks>
internal unsafe struct LargeBacking
{
    // What a program that stops writing its blocks wastes, as a multiple of what it wrote.
    private const nuint Trust = 4;

    // Enough for 15 blocks of 17 MiB, and small beside the memory of a program that has such blocks.
    private const nuint MaxCredit = (nuint)256 << 20;

    /// <summary>The number of parts of a block of which <see cref="Written"/> is a count.</summary>
    private const nuint Parts = 64;

    // Of each part, only the end is inspected. Inspecting 8 MiB takes some dozens of microseconds, as much as
    // several page faults.
    private const nuint MaxInspected = ((nuint)8 << 20) / Parts;

    // Discarding pages and backing the range again pays off if it saves this number of bytes of page faults.
    private static nuint LeastMissing => HugePage / 4;

    // A watched block is one word: its start, a multiple of the size of slices, its number of these, and
    // whether none of it was backed.
    private const nuint UnbackedBit = Region.SliceSize / 2, CountMask = UnbackedBit - 1;

    /// <summary>The last block that reads as zeros, beyond what was backed; 0 for none.</summary>
    public nuint Watched;

    /// <summary>
    /// The last huge page that was left to page faults in a block that was backed; 0 for none.
    /// </summary>
    public nuint Sample;

    /// <summary>The number of bytes that may still be backed before another block is inspected.</summary>
    public nuint Credit;

    /// <summary>The credit that an inspection restores.</summary>
    public nuint Granted;

    /// <summary>The number of parts of its blocks that the program writes, from their start.</summary>
    public nuint Written;

    /// <summary>Whether the kernel has to be advised.</summary>
    public HugePageAdvice Advice;

    /// <summary>Whether huge pages that other blocks share can be collapsed.</summary>
    public HugePageCollapse Collapse;

    private static nuint HugePage => Region.Alignment;

    /// <summary>Backs a block that was just allocated, not in a kept run, or watches it.</summary>
    /// <param name="region">The region of the block.</param>
    /// <param name="block">The block.</param>
    /// <param name="size">The number of bytes in the block.</param>
    /// <param name="clean">The longest run of its slices that reads as zeros.</param>
    internal void Prepare(Region* region, byte* block, nuint size, SliceRun clean)
    {
        nuint first = Layout.AlignUp((nuint)block, HugePage);
        nuint last = Layout.AlignDown((nuint)block + size, HugePage);
        if (first >= last || !region->Supply->Source.ReservesAddressSpace)
        {
            return;
        }

        // A filter cannot be removed, so nothing is inspected or backed any more.
        bool inspects = (Watched | Sample) != 0;
        if ((inspects || Credit >= HugePage) && Os.IsFiltered())
        {
            return;
        }

        if (inspects)
        {
            Inspect();
        }

        nuint unbacked = UnbackedBit;
        nuint written = Written < Parts ? size / Parts * Written : size;
        if (Credit >= HugePage && written * 2 <= Granted)
        {
            unbacked = 0;
            Back(region, HugeRange.Of(region, (nuint)block, size, written));
        }

        bool isClean = clean.Count << Region.Log2Slice >= size;
        if (isClean && (Written < Parts || unbacked != 0))
        {
            nuint slices = size >> Region.Log2Slice;
            slices = slices < CountMask ? slices : CountMask;
            nuint start = Layout.AlignDown((nuint)block, Region.SliceSize);
            Atomic.Write(ref Watched, start | slices | unbacked);
        }
    }

    /// <summary>Measures how much of the watched block and of the sample was written.</summary>
    private void Inspect()
    {
        nuint watched = Atomic.Exchange(ref Watched, 0);
        nuint sample = Atomic.Exchange(ref Sample, 0);
        if (sample != 0)
        {
            bool isWritten = Resident(sample) == HugePage;
            Granted = isWritten ? Bounded(2 * Granted) : 0;
            Credit = Granted;
            Written = isWritten ? Written : 0;
        }

        if (watched != 0)
        {
            nuint size = (watched & CountMask) << Region.Log2Slice;
            nuint parts = PartsWritten((byte*)Layout.AlignDown(watched, Region.SliceSize), size);

            // What was backed was not written by the program; it ends in the huge page after these parts.
            nuint backed = Written + (HugePage / (size / Parts)) + 2;
            if (parts > backed || (watched & UnbackedBit) != 0)
            {
                Granted = Bounded(size / Parts * parts * Trust);
                Credit = Granted;
                Written = parts;
            }
        }
    }

    private static nuint Bounded(nuint credit) => credit < MaxCredit ? credit : MaxCredit;

    private static nuint PartsWritten(byte* start, nuint size)
    {
        nuint part = Layout.AlignUp(size / Parts, Os.PageSize);
        nuint inspected = part < MaxInspected ? part : MaxInspected;
        nuint written = 0;
        byte* end = start + part;
        while (written + part <= size && Os.Resident(end - inspected, inspected) == inspected)
        {
            written += part;
            end += part;
        }

        // The last part is smaller, or was begun.
        return written == 0 ? 0 : size - written < part ? Parts : (written * Parts / size) + 1;
    }

    /// <summary>Backs the huge pages of a block that will be written and are not in memory.</summary>
    private void Back(Region* region, HugeRange range)
    {
        if (range.Start >= range.End || Resident(range.Start, range.End) == range.End - range.Start)
        {
            return;
        }

        HugePageAdvice advice = Advice == HugePageAdvice.Unknown ? Probe(region, range.First) : Advice;
        Advice = advice;

        // Other threads may spend the same credit, but each of them no more than that. What a program leaves
        // unwritten is the end of a block.
        nuint credit = Credit;
        nuint most = range.Start + Layout.AlignDown(credit, HugePage);
        range.End = range.End < most ? range.End : most;
        bool wantsSample = credit < (Granted / 2) + (range.End - range.Start);
        nuint end = 0;
        for (nuint at = range.End; at > range.Start || end != 0; at -= HugePage)
        {
            nuint page = at - HugePage;
            bool missing = at > range.Start && credit >= HugePage && IsMissing(region, range, page);
            if (missing && wantsSample && range.IsWritten(page))
            {
                wantsSample = false;
                missing = false;
                Atomic.Write(ref Sample, page);
            }

            if (missing)
            {
                credit -= HugePage;
                end = end == 0 ? at : end;
            }
            else if (end != 0)
            {
                if (!TryBack(region, advice, at, end, range))
                {
                    Credit = 0;
                    Written = 0;
                    Advice = HugePageAdvice.Unknown;
                    Collapse = HugePageCollapse.Unknown;
                    return;
                }

                end = 0;
            }
        }

        Credit = credit;
    }

    /// <summary>Determines whether the system backs a huge page at the first write, without advice.</summary>
    private static HugePageAdvice Probe(Region* region, nuint page)
    {
        _ = Discard(region, page, page + HugePage);
        Volatile.Write(ref *(byte*)page, 0);
        return Resident(page) == HugePage ? HugePageAdvice.Default : HugePageAdvice.Needed;
    }

    /// <summary>
    /// Determines whether a huge page is to be backed; discards its stale contents if so.
    /// </summary>
    private readonly bool IsMissing(Region* region, HugeRange range, nuint page)
    {
        nuint resident = Resident(page);
        return resident == 0
            || (HugePage - resident >= LeastMissing
                && (range.IsInside(page)
                    ? Discard(region, page, page + HugePage)
                    : Collapse != HugePageCollapse.Unsupported
                        && ShouldCollapse(range, page, resident)));
    }

    private static bool ShouldCollapse(HugeRange range, nuint page, nuint resident)
    {
        // The kernel copies what is in memory, which costs half of as many page faults. What neither block
        // is expected to write is at most half of what the program writes of this one, as in HugeRange.
        nuint missing = range.Missing(page);
        nuint unused = HugePage - resident - missing;
        return missing >= LeastMissing + (resident / 2) && unused <= (range.WrittenEnd - range.Block) / 2;
    }

    /// <summary>
    /// Writes to each huge page; returns false if one of those without other blocks is not backed as a whole.
    /// </summary>
    private bool TryBack(Region* region, HugePageAdvice advice, nuint begin, nuint end, HugeRange range)
    {
        if (advice == HugePageAdvice.Needed)
        {
            Os.PreferHugePages((byte*)begin, end - begin);
        }

        // From the end: a first page that another block shares is collapsed only after a write has got a huge
        // page.
        bool isBacked = true;
        for (nuint page = end - HugePage; page >= begin && isBacked; page -= HugePage)
        {
            Volatile.Write(ref *(byte*)(page < range.Block ? range.Block : page), 0);
            isBacked = IsWhole(page) || !range.IsInside(page);
        }

        if (advice == HugePageAdvice.Needed && !(isBacked && region->TryAvoidHugePages()))
        {
            Os.AvoidHugePages((byte*)begin, end - begin);
        }

        return isBacked;
    }

    /// <summary>Determines whether a huge page backs what was written; collapses it if not.</summary>
    /// <remarks>
    /// A write does not get a huge page where a page table is: other pages are in memory, or were. The kernel
    /// keeps the empty table if they were purged in parts; before Linux 6.14, always.
    /// </remarks>
    private bool IsWhole(nuint page)
    {
        if (Resident(page) == HugePage)
        {
            Collapse = Collapse == HugePageCollapse.Unknown ? HugePageCollapse.Allowed : Collapse;
            return true;
        }

        if (Collapse != HugePageCollapse.Allowed)
        {
            return false;
        }

        Collapse = Os.TryCollapse((byte*)page, HugePage) ? Collapse : HugePageCollapse.Unsupported;
        return Resident(page) == HugePage;
    }

    private static bool Discard(Region* region, nuint begin, nuint end)
    {
        PageSource* source = &region->Supply->Source;
        return source->Purge(source->State, (byte*)begin, end - begin);
    }

    private static nuint Resident(nuint page) => Resident(page, page + HugePage);

    private static nuint Resident(nuint begin, nuint end) => Os.Resident((byte*)begin, end - begin);
}
