using System.Threading;

namespace Quarry;

/// <summary>The state of a <see cref="TraceRing"/>.</summary>
/// <remarks>
/// A writer reserves a position by incrementing the head, claims the record of that position, fills it, and
/// marks it as complete. If the ring overwrites, a writer that was suspended can be a lap behind; a writer
/// that finds its record busy then abandons its position and records that, so that no thread waits for
/// another. If the ring drops events, no position is reserved before the reader has passed its record.
/// </remarks>
internal unsafe struct TraceRingState
{
    // The fields that writers use. With the 16 bytes before a state, they fill a cache line.

    /// <summary>The first position that is not reserved.</summary>
    internal nuint Head;

    internal TraceRecord* Records;
    internal nuint Capacity;
    internal bool DropsNewest;
#pragma warning disable CS0169, IDE0044, IDE0051 // fills the cache line
    private fixed ulong _line[2];
#pragma warning restore CS0169, IDE0044, IDE0051

    // The fields that the reader writes.

    /// <summary>The first position that was not read.</summary>
    internal nuint Tail;

    /// <summary>The number of events that will never be read.</summary>
    internal nuint Lost;

    internal static void Write(TraceRingState* ring, TraceEvent* trace)
    {
        nuint position = 0;
        if (!ring->DropsNewest)
        {
            position = Atomic.Add(ref ring->Head, 1) - 1;
        }
        else if (!TryReserve(ring, ref position))
        {
            _ = Atomic.Add(ref ring->Lost, 1);
            return;
        }

        TraceRecord* record = RecordOf(ring, position);
        nuint busy = (2 * position) + 1;
        nuint seen = Atomic.Read(ref record->State);

        // Claims the record, which holds the event of the previous lap. The exchange is a full fence, so no
        // word of the event is stored before the state is busy; a reader that copies such a word then finds
        // the state changed.
        if ((seen & 1) != 0 || seen > busy || !Atomic.TryReplace(ref record->State, seen, busy))
        {
            Atomic.Raise(ref record->Abandoned, position + 1);
            return;
        }

        record->Event = *trace;

        // A release: a reader that acquires the complete state reads the whole event.
        Atomic.Write(ref record->State, busy + 1);
    }

    /// <summary>Tries to remove the oldest event. Only one thread may read at a time.</summary>
    /// <returns>
    /// <see langword="false"/> if there is none before <paramref name="end"/>, or if it is still being
    /// written.
    /// </returns>
    internal static bool TryRead(TraceRingState* ring, nuint end, out TraceEvent trace)
    {
        trace = default;
        for (; ; )
        {
            nuint position = ring->Tail;
            if ((nint)(end - position) <= 0)
            {
                return false;
            }

            nuint written = Atomic.Read(ref ring->Head) - position;
            if (written > ring->Capacity)
            {
                Skip(ring, written - ring->Capacity);
                continue;
            }

            TraceRecord* record = RecordOf(ring, position);
            nuint complete = (2 * position) + 2;

            // An acquire: pairs with the release of the complete state.
            nuint seen = Atomic.Read(ref record->State);
            if (seen == complete)
            {
                trace = record->Event;

                // The loads of the event must precede the second load of the state: if a writer has claimed
                // the record in between, the copy can be torn, and the state differs.
                Interlocked.MemoryBarrier();
                if (Atomic.Read(ref record->State) == complete)
                {
                    // A release: pairs with the acquire in TryReserve. The copy is finished before the record
                    // is free for a writer.
                    Atomic.Write(ref ring->Tail, position + 1);
                    return true;
                }
            }
            else if (Atomic.Read(ref record->Abandoned) > position)
            {
                Skip(ring, 1);
            }
            else if (seen < complete)
            {
                return false;
            }
        }
    }

    private static TraceRecord* RecordOf(TraceRingState* ring, nuint position) =>
        ring->Records + (position & (ring->Capacity - 1));

    private static bool TryReserve(TraceRingState* ring, ref nuint position)
    {
        do
        {
            // The tail can have passed a head that was read too early; the exchange then fails.
            position = Atomic.Read(ref ring->Head);
            if ((nint)(position - Atomic.Read(ref ring->Tail)) >= (nint)ring->Capacity)
            {
                return false;
            }
        }
        while (!Atomic.TryReplace(ref ring->Head, position, position + 1));

        return true;
    }

    private static void Skip(TraceRingState* ring, nuint count)
    {
        _ = Atomic.Add(ref ring->Lost, count);
        Atomic.Write(ref ring->Tail, ring->Tail + count);
    }
}
