using System.Threading;

namespace Quarry;

/// <summary>What a <see cref="TraceRing"/> keeps.</summary>
/// <remarks>
/// A writer takes a position by counting up, claims the record there, fills it, and says so. In a ring that
/// overwrites, a writer that sleeps meanwhile may find itself a lap behind; whoever meets its record then
/// gives its own position up and leaves a note, so nobody ever waits for it. In a ring that stops, no
/// position is given out before the reader has passed the record.
/// </remarks>
internal unsafe struct TraceRingState
{
    // What writers need; with the 16 bytes in front of a state, a cache line.

    /// <summary>The first position that was not given out.</summary>
    internal nuint Head;

    internal TraceRecord* Records;
    internal nuint Capacity;
    internal bool Stops;
#pragma warning disable CS0169, IDE0044, IDE0051 // fills the line
    private fixed ulong _line[2];
#pragma warning restore CS0169, IDE0044, IDE0051

    // What the reader writes.

    /// <summary>The first position that was not read.</summary>
    internal nuint Tail;

    /// <summary>Events that nobody will read.</summary>
    internal nuint Lost;

    internal static void Write(TraceRingState* ring, TraceEvent* trace)
    {
        nuint position = 0;
        if (!ring->Stops)
        {
            position = Atomic.Add(ref ring->Head, 1) - 1;
        }
        else if (!TryTake(ring, ref position))
        {
            _ = Atomic.Add(ref ring->Lost, 1);
            return;
        }

        TraceRecord* record = RecordOf(ring, position);
        nuint busy = (2 * position) + 1;
        nuint seen = Atomic.Read(ref record->State);
        if ((seen & 1) != 0 || seen > busy || !Atomic.TryReplace(ref record->State, seen, busy))
        {
            Atomic.Raise(ref record->GivenUp, position + 1);
            return;
        }

        record->Event = *trace;
        Atomic.Write(ref record->State, busy + 1);
    }

    /// <summary>Takes the oldest event, for one reader at a time.</summary>
    /// <returns>
    /// False if there is none before <paramref name="end"/>, or it is still being written.
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
            nuint seen = Atomic.Read(ref record->State);
            if (seen == complete)
            {
                trace = record->Event;
                Interlocked.MemoryBarrier();
                if (Atomic.Read(ref record->State) == complete)
                {
                    Atomic.Write(ref ring->Tail, position + 1);
                    return true;
                }
            }
            else if (Atomic.Read(ref record->GivenUp) > position)
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

    private static bool TryTake(TraceRingState* ring, ref nuint position)
    {
        do
        {
            // The tail may have passed a head that is too old; the swap then fails.
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
