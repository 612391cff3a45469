using System.Threading;

namespace Quarry;

/// <summary>
/// Backs large blocks with huge pages before they are written, in programs that write their large blocks from
/// start to end.
/// </summary>
/// <remarks>
/// <para>
/// The first write to each page of fresh memory is a page fault, which costs more than writing the page. One
/// huge page saves 511 of them, but in a program that writes a few bytes of each, it multiplies the memory.
/// So a block is left to page faults and inspected when the next one is allocated: if all of its pages are in
/// memory by then, the blocks that follow are backed, up to <see cref="Trust"/> times its size; then another
/// block is inspected. If the program writes only parts of the blocks from then on, it uses at most
/// <see cref="MaxCredit"/> more memory.
/// </para>
/// <para>
/// In a process with a filter of system calls nothing is inspected, so nothing is backed: some filters, such
/// as that of systemd, end a process that makes the call.
/// </para>
/// <para>
/// The pages are collapsed, not advised: advice stays with the addresses, and the kernel would also back
/// small blocks there with huge pages, and slices that were purged.
/// </para>
/// <para>
/// The fields are hints, so they need no atomic operation, except that only one thread inspects a watched
/// block. It may have been freed, and its memory purged or used again: regions stay mapped.
/// </para>
/// </remarks>
internal unsafe struct LargeBacking
{
    // One byte in 16 is left to page faults, which show whether the program still writes all of its blocks.
    private const nuint Trust = 15;

    // Enough for 15 blocks of 17 MiB, and small beside the memory of a program that has such blocks.
    private const nuint MaxCredit = (nuint)256 << 20;

    // Of a watched block, only the end is inspected: that is what stays unwritten if a program allocates more
    // than it needs. Inspecting 8 MiB takes about ten microseconds, as much as a few page faults.
    private const nuint MaxInspected = (nuint)8 << 20;

    // A watched range is one word: its end, a multiple of the size of huge pages, and its number of these.
    private const nuint CountMask = 0xFFFF;

    /// <summary>The last fresh block that was left to page faults; 0 for none.</summary>
    public nuint Watched;

    /// <summary>The number of bytes that may still be backed before another block is inspected.</summary>
    public nuint Credit;

    private static nuint HugePage => Region.Alignment;

    /// <summary>Backs a block that was just allocated, or watches it.</summary>
    /// <param name="region">The region of the block.</param>
    /// <param name="clean">The longest run of its slices that reads as zeros.</param>
    internal void Prepare(Region* region, SliceRun clean)
    {
        nuint end = clean.First + clean.Count;
        nuint first = Layout.AlignUp((nuint)region->AddressOf(clean.First), HugePage);
        nuint last = Layout.AlignDown((nuint)region->AddressOf(end), HugePage);
        if (first >= last || !region->Supply->Source.ReservesAddressSpace)
        {
            return;
        }

        if (Credit < HugePage)
        {
            Inspect();
        }

        nuint credit = Credit;
        if (credit < HugePage)
        {
            nuint pages = (last - first) / HugePage;
            Atomic.Write(ref Watched, last | (pages < CountMask ? pages : CountMask));
            return;
        }

        // At the high-water mark, the huge page that the block shares with the next one is backed as well:
        // the next block begins there. So blocks that are allocated in a row have no gaps between them.
        if (end == Atomic.Read(ref region->HighWater)
            && (nuint)region->AddressOf(Atomic.Read(ref region->Committed)) >= last + HugePage)
        {
            last = Layout.AlignUp((nuint)region->AddressOf(end), HugePage);
        }

        nuint size = Layout.AlignDown(last - first < credit ? last - first : credit, HugePage);
        Credit = TryBack((byte*)first, size) ? credit - size : 0;
    }

    /// <summary>Grants credit if the watched block was written from start to end.</summary>
    private void Inspect()
    {
        nuint watched = Atomic.Exchange(ref Watched, 0);
        nuint size = (watched & CountMask) * HugePage;
        nuint inspected = size < MaxInspected ? size : MaxInspected;
        byte* end = (byte*)(watched & ~CountMask);
        if (size != 0 && !Os.IsFiltered() && Os.Resident(end - inspected, inspected) == inspected)
        {
            nuint credit = size * Trust;
            Credit = credit < MaxCredit ? credit : MaxCredit;
        }
    }

    private static bool TryBack(byte* start, nuint size)
    {
        // Huge pages without any page in memory are not collapsed. The memory is zeroed, and stays so.
        for (nuint offset = 0; offset < size; offset += HugePage)
        {
            Volatile.Write(ref start[offset], 0);
        }

        return Os.TryCollapse(start, size);
    }
}
