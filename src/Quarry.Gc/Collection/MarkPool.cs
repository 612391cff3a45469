using System.Runtime.CompilerServices;
using System.Threading;

namespace Quarry.Gc;

/// <summary>Distributes pushed objects over the threads that mark.</summary>
/// <remarks>
/// <para>
/// The thread that collects marks alone at first. If it has visited many objects while other threads are
/// idle, it leaves a part of its stack here, and those threads take parts of that. All threads leave entries
/// in the same way whenever another one is idle, so a thread runs out of work only if there is none, or if
/// the objects form a list. A collection that marks little never wakes a thread.
/// </para>
/// <para>
/// Marking is complete when all threads are idle and no entry is left. Both change under the lock only, so
/// no entry is on its way when the collecting thread finds that.
/// </para>
/// </remarks>
internal static unsafe class MarkPool
{
    // The number of entries that a thread leaves at a time.
    private const nuint Capacity = 32;

    // The number of visits after which a thread looks for idle ones, minus 1: tens of microseconds, so that
    // it takes longer to visit what is left to them than to wake them.
    private const uint Interval = 1023;

    private const uint Spins = 12;

    private static YieldingLock s_lock;
    private static nuint s_entries;
    private static nuint s_count;

    // The threads without work; the collecting thread counts only while it waits.
    private static nuint s_idle;
    private static nuint s_helpers;

    // A futex word that changes when there may be work, or none any more.
    private static uint s_signal;

    /// <summary>The number of visits, minus 1, after which a thread calls <see cref="Offer"/>.</summary>
    internal static uint OfferInterval { get; private set; }

    /// <summary>Determines whether several threads mark at present, and must do so atomically.</summary>
    internal static bool IsShared { get; private set; }

    /// <summary>Reserves memory for the entries.</summary>
    /// <returns>False if out of memory.</returns>
    internal static bool TryCreate(bool underStress)
    {
        OfferInterval = underStress ? 0 : Interval;
        s_entries = (nuint)Os.Map(Capacity * (nuint)sizeof(nuint));
        return s_entries != 0;
    }

    /// <summary>Moves a part of a stack to the pool if a thread is idle and the pool is empty.</summary>
    internal static void Offer(ref MarkStack stack)
    {
        if (Atomic.Read(ref s_idle) == 0 || Atomic.Read(ref s_count) != 0)
        {
            return;
        }

        s_lock.Enter();
        if (s_count == 0)
        {
            Atomic.Write(ref s_count, stack.Split((nuint*)s_entries, Capacity));

            // Before another thread can take an entry. The collecting thread is the first to leave some.
            IsShared |= s_count != 0;
        }

        s_lock.Exit();
        if (Atomic.Read(ref s_count) != 0)
        {
            Signal();
        }
    }

    /// <summary>Marks together with the other threads until no object is left to be visited.</summary>
    /// <param name="worker">That of the thread that collects.</param>
    internal static void Finish(MarkWorker<PauseMarking>* worker)
    {
        _ = worker->Drain();
        if (!IsShared)
        {
            return;
        }

        BecomeIdle();
        for (uint signal = Atomic.Read(ref s_signal); !IsComplete(); signal = Atomic.Read(ref s_signal))
        {
            WorkOrWait(worker, signal);
        }

        IsShared = false;
    }

    /// <summary>Takes part in marking; the body of a thread, which never ends.</summary>
    internal static void Help(void* worker)
    {
        s_lock.Enter();
        s_helpers++;
        s_lock.Exit();
        BecomeIdle();
        for (; ; )
        {
            uint signal = Atomic.Read(ref s_signal);
            WorkOrWait((MarkWorker<PauseMarking>*)worker, signal);
        }
    }

    private static void WorkOrWait(MarkWorker<PauseMarking>* worker, uint signal)
    {
        if (TryTake(worker))
        {
            _ = worker->Drain();
            BecomeIdle();
            return;
        }

        for (uint round = 0; round < Spins; round++)
        {
            if (Atomic.Read(ref s_signal) != signal)
            {
                return;
            }

            Thread.SpinWait(1 << (int)(round / 2));
        }

        Os.Wait((uint*)Unsafe.AsPointer(ref s_signal), signal);
    }

    private static bool TryTake(MarkWorker<PauseMarking>* worker)
    {
        if (Atomic.Read(ref s_count) == 0)
        {
            return false;
        }

        s_lock.Enter();
        nuint taken = (s_count + s_idle - 1) / s_idle;
        if (taken != 0)
        {
            // An equal part for each idle thread.
            nuint left = s_count - taken;
            worker->Push((nuint*)s_entries + left, taken);
            Atomic.Write(ref s_count, left);
            Atomic.Write(ref s_idle, s_idle - 1);
        }

        s_lock.Exit();
        return taken != 0;
    }

    private static void BecomeIdle()
    {
        s_lock.Enter();
        Atomic.Write(ref s_idle, s_idle + 1);
        bool isLast = s_idle > s_helpers;
        s_lock.Exit();
        if (isLast)
        {
            // The collecting thread waits for that.
            Signal();
        }
    }

    /// <summary>Determines whether all threads are idle; the collecting thread no longer is then.</summary>
    private static bool IsComplete()
    {
        s_lock.Enter();
        bool isComplete = s_count == 0 && s_idle > s_helpers;
        Atomic.Write(ref s_idle, isComplete ? s_idle - 1 : s_idle);
        s_lock.Exit();
        return isComplete;
    }

    private static void Signal()
    {
        s_lock.Enter();
        _ = Atomic.Exchange(ref s_signal, s_signal + 1);
        s_lock.Exit();
        Os.Wake((uint*)Unsafe.AsPointer(ref s_signal));
    }
}
