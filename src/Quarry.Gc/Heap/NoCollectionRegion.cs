namespace Quarry.Gc;

/// <summary>The stretch of a program in which it wants no collection, as <c>GC.TryStartNoGCRegion</c>
/// begins it.</summary>
/// <remarks>
/// There never is a collection, so the promise is an easy one. But the books are kept, and a program that
/// wants to be told when the region has allocated so much is told.
/// </remarks>
internal static unsafe class NoCollectionRegion
{
    // The runtime's answers to a start, an end, and the wish to be told.
    private const int Success = 0, NotInProgress = 1, NoMemory = 1, TooLarge = 2, InProgress = 3;
    private const int NotStarted = 1, BeyondRegion = 2, AlreadyRegistered = 3;

    private static uint s_inProgress;
    private static nuint s_size;
    private static nuint s_work;
    private static nuint s_threshold;
    private static nuint s_scheduled;

    internal static bool IsInProgress => Atomic.Read(ref s_inProgress) != 0;

    internal static int Start(ulong size)
    {
        if (size > ManagedHeap.ReservedBytes)
        {
            return TooLarge;
        }

        if (!Budget.Allows(ManagedHeap.UsedBytes, (nuint)size))
        {
            return NoMemory;
        }

        if (Atomic.Exchange(ref s_inProgress, 1) != 0)
        {
            return InProgress;
        }

        s_size = (nuint)size;
        return Success;
    }

    internal static int End()
    {
        if (Atomic.Exchange(ref s_inProgress, 0) == 0)
        {
            return NotInProgress;
        }

        Schedule(abandoned: true);
        return Success;
    }

    /// <summary>Registers what is to be done once so much was allocated.</summary>
    internal static int Register(FinalizerWork* work, ulong bytes)
    {
        if (!IsInProgress)
        {
            return NotStarted;
        }

        if (bytes > s_size)
        {
            return BeyondRegion;
        }

        if (Atomic.Read(ref s_work) != 0)
        {
            return AlreadyRegistered;
        }

        s_threshold = ManagedHeap.HandedOutBytes + (nuint)bytes;
        Atomic.Write(ref s_work, (nuint)work);
        return Success;
    }

    /// <summary>Has it done if it is time to.</summary>
    internal static void Notice(nuint handedOut)
    {
        if (Atomic.Read(ref s_work) != 0 && handedOut >= s_threshold)
        {
            Schedule(abandoned: false);
        }
    }

    /// <summary>What the thread of finalizers has to do now; null for nothing.</summary>
    internal static FinalizerWork* Take() => (FinalizerWork*)Atomic.Exchange(ref s_scheduled, 0);

    private static void Schedule(bool abandoned)
    {
        FinalizerWork* work = (FinalizerWork*)Atomic.Exchange(ref s_work, 0);
        if (work != null)
        {
            work->Scheduled = 1;
            work->Abandoned = abandoned ? (byte)1 : (byte)0;
            Atomic.Write(ref s_scheduled, (nuint)work);
            Runtime.WakeFinalizer();
        }
    }
}
