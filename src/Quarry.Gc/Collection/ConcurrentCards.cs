using System.Numerics;

namespace Quarry.Gc;

/// <summary>
/// Visits cards that young collections have kept for a full one, while threads run: the pause at the end of
/// the full collection then has to visit those only that were set since the last young collection.
/// </summary>
/// <remarks>
/// A card has the value <see cref="Cards.Kept"/> since a pause, so all stores from before it are visible. A
/// thread that stores now sets the card again: its barrier finds another value than that of a set card,
/// whether it reads the card before or after it is cleared here. Eight cards are cleared by one
/// compare-and-swap, which fails if a barrier has set any of them.
/// <para>
/// No card is visited while a young collection marks: the young objects that survive are not old yet, so a
/// reference to one would be ignored, and its card cleared.
/// </para>
/// </remarks>
internal static unsafe class ConcurrentCards
{
    private const int CardShift = HeapPageSource.CardShift;
    private const nuint CardSize = 1 << CardShift, CardsInWord = sizeof(ulong);
    private const ulong LowestBits = 0x0101_0101_0101_0101;

    // Held while a young collection marks, and while cards are visited.
    private static YieldingLock s_lock;
    private static bool s_isSuspended;

    /// <summary>Suspends the visits, while a young collection marks.</summary>
    internal static void Suspend()
    {
        s_lock.Enter();
        s_isSuspended = true;
    }

    /// <summary>Resumes the visits, if they are suspended.</summary>
    internal static void Resume()
    {
        if (s_isSuspended)
        {
            s_isSuspended = false;
            s_lock.Exit();
        }
    }

    /// <summary>Clears the kept cards, and pushes what marked objects refer to there.</summary>
    internal static void Visit(MarkWorker<ConcurrentMarking>* worker)
    {
        nuint used = ManagedHeap.UsedBytes;
        for (nuint bundle = 0; bundle <= used >> HeapPageSource.BundleShift; bundle++)
        {
            if (HeapPageSource.Bundles[bundle] == 0)
            {
                continue;
            }

            nuint end = Cards.EndOf(bundle, used);
            for (nuint card = bundle * Cards.CardsInBundle; card < end; card += CardsInWord)
            {
                VisitWord(worker, card);
                if (ConcurrentMark.MustStop || !worker->Drain())
                {
                    return;
                }
            }
        }
    }

    private static void VisitWord(MarkWorker<ConcurrentMarking>* worker, nuint card)
    {
        ref ulong word = ref *(ulong*)(HeapPageSource.Cards + card);
        if (KeptOf(Atomic.Read(ref word)) == 0)
        {
            return;
        }

        s_lock.Enter();
        ulong kept;
        ulong seen;
        do
        {
            seen = Atomic.Read(ref word);
            kept = KeptOf(seen);
        }
        while (!Atomic.TryReplace(ref word, seen, seen & ~kept));
        for (; kept != 0; kept &= kept - 1)
        {
            nuint index = (nuint)BitOperations.TrailingZeroCount(kept) / 8;
            VisitCard(worker, (card + index) << CardShift);
        }

        s_lock.Exit();
    }

    // Of each kept card, the lowest bit: it is set, and the next one is not.
    private static ulong KeptOf(ulong cards) => cards & ~(cards >> 1) & LowestBits;

    /// <summary>Pushes what marked objects refer to from the memory of a card.</summary>
    private static void VisitCard(MarkWorker<ConcurrentMarking>* worker, nuint from)
    {
        nuint end = from + CardSize;

        // The object that reaches into the card. If another start is known after it, there is none.
        nuint known = ObjectStarts.FindKnown(from);
        if (known != MarkBits.None && known < from && NextMarks.IsSet(known))
        {
            _ = worker->PushFrom(known, from, end);
        }

        for (nuint offset = MarkBits.First(CollectorTables.NextMarks, from, end); offset != MarkBits.None;
            offset = MarkBits.First(CollectorTables.NextMarks, offset + ManagedObject.MinSize, end))
        {
            _ = worker->PushFrom(offset, from, end);
        }
    }
}
