namespace Quarry.Gc;

/// <summary>Sweeps the heap after a full collection, while threads run.</summary>
/// <remarks>
/// <para>
/// The heap is divided into pieces. <see cref="SweepThread"/> sweeps one after another, and a thread that
/// finds no hole sweeps the next one itself before the heap grows. A gap belongs to the piece in which it
/// starts, and extends to the next live object, wherever that is. Mark bits do not change between
/// collections, and only live objects are read, so a piece depends on nothing that other threads do.
/// </para>
/// <para>
/// Objects are allocated in holes that were found, and in new memory behind the pieces, but not in pieces
/// that are not swept: an object without a mark is dead there. Everything is swept before the next
/// collection changes mark bits, and before the heap is walked: dead objects refer to memory that may have
/// been reused, and their types may have been unloaded.
/// </para>
/// </remarks>
internal static unsafe class LazySweep
{
    // Takes a few hundred microseconds: a thread that needs a hole does not wait for longer.
    private const nuint PieceSize = 1 << 20;

    // The size of live objects from which on it is worth it: less takes below a millisecond.
    private const nuint WorthBytes = 4 << 20;

    private static YieldingLock s_lock;

    // Not 0 from the start until the last piece is swept.
    private static nuint s_isPending;

    // Under the lock: the offsets of the next piece, of the end, and of the last live object before the next
    // piece; the number of pieces that are being swept.
    private static nuint s_next;
    private static nuint s_end;
    private static nuint s_lastLive;
    private static nuint s_active;

    private static LazySweepRecord s_record;

    /// <summary>Determines whether a part of the heap is not swept yet.</summary>
    internal static bool IsPending => Atomic.Read(ref s_isPending) != 0;

    /// <summary>Determines whether to sweep later, with threads suspended.</summary>
    /// <param name="live">The size of the live objects.</param>
    internal static bool IsWorth(nuint live) =>
        SweepThread.IsRunning && (live >= WorthBytes || CollectorSettings.SweepsLate);

    /// <summary>Makes the heap pending, after marking. Threads are suspended.</summary>
    /// <param name="collection">The number of the collection.</param>
    internal static void Start(nuint collection)
    {
        // The sweeping thread may look for a piece of the previous sweep at this moment.
        s_lock.Enter();
        s_record = new() { Collection = collection };
        s_next = (nuint)(ManagedHeap.FirstObject - ManagedHeap.Start);
        s_end = ManagedHeap.UsedBytes + (nuint)sizeof(nuint);
        s_lastLive = MarkBits.None;
        Atomic.Write(ref s_isPending, s_next < s_end ? 1u : 0);
        s_lock.Exit();
    }

    /// <summary>Sweeps a piece, or waits for the last ones if there is none left.</summary>
    /// <returns>False if nothing is pending.</returns>
    internal static bool TryHelp()
    {
        if (!IsPending)
        {
            return false;
        }

        if (TryClaim(out LazySweepPiece piece))
        {
            ulong start = Os.Nanoseconds();
            Sweep(&piece);
            Complete(Os.Nanoseconds() - start);
            return true;
        }

        for (uint round = 0; IsPending; round++)
        {
            Backoff.Wait(round);
        }

        return true;
    }

    /// <summary>Sweeps what is pending; returns when all threads are done with it.</summary>
    internal static void Finish()
    {
        while (TryHelp())
        {
        }
    }

    private static bool TryClaim(out LazySweepPiece piece)
    {
        piece = default;
        s_lock.Enter();
        bool claimed = s_next < s_end;
        if (claimed)
        {
            nuint end = Layout.AlignDown(s_next, PieceSize) + PieceSize;
            piece.Start = s_next;
            piece.End = end < s_end ? end : s_end;
            piece.HeapEnd = s_end;
            piece.LastLive = s_lastLive;
            nuint last = MarkBits.Last(piece.Start, piece.End - sizeof(ulong));
            s_lastLive = last == MarkBits.None ? s_lastLive : last;
            s_next = piece.End;
            s_active++;
        }

        s_lock.Exit();
        return claimed;
    }

    private static void Sweep(LazySweepPiece* piece)
    {
        byte* start = ManagedHeap.Start;
        nuint next = piece->LastLive == MarkBits.None
            ? (nuint)(ManagedHeap.FirstObject - start)
            : EndOf(piece->LastLive);
        if (next >= piece->End)
        {
            // Within an object.
            return;
        }

        nuint from = next > piece->Start ? next : piece->Start;
        for (MarkedObjects marked = new(from, piece->End); marked.TryNext(out nuint live);)
        {
            // Otherwise, there is no gap, or it belongs to an earlier piece.
            if (live != next && next >= piece->Start)
            {
                Sweeper.Free(start + next, start + live);
            }

            next = EndOf(live);
        }

        if (next >= piece->Start && next < piece->End)
        {
            nuint end = MarkBits.First(piece->End, piece->HeapEnd);
            Sweeper.Free(start + next, start + (end == MarkBits.None ? piece->HeapEnd : end));
        }
    }

    private static nuint EndOf(nuint offset)
    {
        ManagedObject* instance = (ManagedObject*)(ManagedHeap.Start + offset);
        return offset + ManagedObject.SizeOf(instance, ManagedObject.TypeOf(instance));
    }

    private static void Complete(ulong time)
    {
        s_lock.Enter();
        s_active--;
        s_record.Pieces++;
        s_record.Time += time;
        bool isLast = s_active == 0 && s_next >= s_end;
        s_lock.Exit();
        if (!isLast)
        {
            return;
        }

        // No thread changes the record any more, and the next collection waits for the last write.
        LazySweepRecord record = s_record;
        record.Free = CollectedHeap.HoleBytes;
        record.Committed = CollectedHeap.ResidentBytes;
        CollectionHistory.SetSwept(&record);
        if (CollectorSettings.Traces)
        {
            CollectionTrace.WriteSweep(&record);
        }

        Atomic.Write(ref s_isPending, 0);
    }
}
