namespace Quarry.Gc;

/// <summary>The card tables: where references were stored since the last collection.</summary>
/// <remarks>
/// The write barriers of the runtime set a byte for each 2 KiB into which a reference was stored, and one
/// for each 2 MiB. The young range that they are given is the whole heap, so they set it for every reference
/// to an object of the heap. After a collection, all objects are old, so no old object refers to a young
/// one, and all cards are clear.
/// <para>
/// While a full collection marks and threads run, young collections do not clear the cards that they find
/// set, but write <see cref="Kept"/>: the full collection has to visit them as well. The barriers set such a
/// card again, because they only leave out stores to cards with the value <see cref="Stored"/>.
/// </para>
/// </remarks>
internal static unsafe class Cards
{
    /// <summary>The number of cards for which there is a byte of the second table.</summary>
    internal const nuint CardsInBundle = 1 << (BundleShift - CardShift);

    /// <summary>
    /// The value of a card in which a reference was stored before a young collection, but since a full one
    /// has begun to mark.
    /// </summary>
    internal const byte Kept = 1;

    // The value that the runtime writes.
    private const byte Stored = 0xff;

    private const int CardShift = HeapPageSource.CardShift, BundleShift = HeapPageSource.BundleShift;

    /// <summary>
    /// Clears the cards, and marks what old objects refer to on those that were set, which includes all young
    /// objects that old objects refer to.
    /// </summary>
    internal static void MarkAndClear(nuint used) => Mark(used, least: Kept, replacement: 0);

    /// <summary>Does the same for a young collection, and keeps the cards for a full one.</summary>
    internal static void MarkAndKeep(nuint used) => Mark(used, least: Stored, replacement: Kept);

    /// <summary>Determines whether a young collection does not have to visit a card or bundle.</summary>
    internal static bool IsClear(byte value) => value == 0 || (value == Kept && ConcurrentMark.IsInProgress);

    /// <summary>Marks from the cards whose value is at least the specified one, and replaces it.</summary>
    private static void Mark(nuint used, byte least, byte replacement)
    {
        byte* cards = HeapPageSource.Cards;
        for (nuint bundle = 0; bundle <= used >> BundleShift; bundle++)
        {
            if (HeapPageSource.Bundles[bundle] < least)
            {
                continue;
            }

            HeapPageSource.Bundles[bundle] = replacement;
            nuint end = EndOf(bundle, used);
            for (nuint card = bundle * CardsInBundle; card < end; card++)
            {
                nuint first = card;
                while (card < end && cards[card] >= least)
                {
                    cards[card++] = replacement;
                }

                if (card > first)
                {
                    MarkFrom(first << CardShift, card << CardShift);
                }
            }
        }
    }

    /// <summary>Clears the cards if all objects will be visited anyway, or none is young.</summary>
    internal static void Clear(nuint used)
    {
        for (nuint bundle = 0; bundle <= used >> BundleShift; bundle++)
        {
            if (HeapPageSource.Bundles[bundle] != 0)
            {
                HeapPageSource.Bundles[bundle] = 0;
                nuint first = bundle * CardsInBundle;
                Memory.Clear(HeapPageSource.Cards + first, EndOf(bundle, used) - first);
            }
        }
    }

    // The table is committed as far as the heap is used.
    internal static nuint EndOf(nuint bundle, nuint used)
    {
        nuint end = (bundle + 1) * CardsInBundle;
        nuint all = (used >> CardShift) + 1;
        return end < all ? end : all;
    }

    /// <summary>Marks what the old objects in a range refer to from there.</summary>
    private static void MarkFrom(nuint from, nuint end)
    {
        byte* start = ManagedHeap.Start;

        // The object that reaches into the range, if it is old. One that is marked in this collection is
        // visited again, which is harmless.
        ManagedObject* first = ObjectStarts.Find(start + from);
        nuint next = from;
        if (first != null && Marker.IsLive(first))
        {
            next = Marker.MarkFrom((nuint)((byte*)first - start), from, end);
        }

        for (nuint offset = MarkBits.First(next, end); offset != MarkBits.None;
            offset = MarkBits.First(next, end))
        {
            next = Marker.MarkFrom(offset, from, end);
        }
    }
}
