using System.Runtime.CompilerServices;

namespace Quarry;

/// <content>Returns unused memory to the system.</content>
internal unsafe partial struct HeapBackend
{
    /// <summary>
    /// The most slices that one step purges, 8 MiB: less than a millisecond of system calls. Later steps
    /// continue the pass. At least the slices of a word, which are purged together.
    /// </summary>
    internal const nuint PurgeBudget = 128;

    // The number of freed slices, 1 MiB, after which the clock is read.
    private const nuint FreedPerReading = 16;

    // The time between two calls for all threads to read the clock, while memory is freed.
    private const nuint CallMilliseconds = 1000;

    // Below 4 MiB of memory that waits for the next pass, threads need not hurry.
    private const nuint MuchAged = 64;

    /// <summary>
    /// Gets a value that indicates whether application threads should take more steps soon: much memory waits
    /// for the next pass, or the current one has used up the budget of a step.
    /// </summary>
    internal readonly bool IsBehind =>
        (Aged >= MuchAged || PassRemains != 0) && DecayMilliseconds > 0 && Attended == 0;

    /// <summary>
    /// Gets a value that indicates whether 1 MiB or more may be dirty, so that threads that allocate rarely
    /// should read the clock often.
    /// </summary>
    internal readonly bool MayBeDirty =>
        (Aged != 0 || PassRemains != 0 || FreedAt >= PassAt) && DecayMilliseconds > 0 && Attended == 0;

    /// <summary>
    /// Purges some of the slices that have been free for the decay time, unless a background thread does so.
    /// </summary>
    /// <remarks>
    /// One step is made in each tick of the clock, a few milliseconds, whatever the number of threads, so
    /// that no thread purges during a noticeable part of its time.
    /// </remarks>
    /// <param name="now">The time, in milliseconds.</param>
    internal void Decay(nuint now)
    {
        nuint last = Atomic.Read(ref StepAt);
        if (last != now && DecayMilliseconds > 0 && Attended == 0 && Atomic.TryReplace(ref StepAt, last, now))
        {
            _ = Step(now);
        }
    }

    /// <summary>Makes a step of the current pass, or of the next one if it is due.</summary>
    /// <remarks>
    /// A slice is purged at the end of the period after the one in which it was freed, so a period is half
    /// the decay time. If nothing was freed for the whole decay time, all dirty slices are old enough; the
    /// next pass then follows the one that ages them at once.
    /// </remarks>
    /// <param name="now">The time, in milliseconds.</param>
    /// <returns>True if the pass is incomplete.</returns>
    internal bool Step(nuint now)
    {
        nuint decay = (nuint)DecayMilliseconds;
        nuint due = Atomic.Read(ref DecayDue);
        nuint next = now - Atomic.Read(ref FreedAt) >= decay ? now : now + ((decay + 1) / 2);

        // Only the thread that sets the next period starts a pass.
        if (now >= due && Atomic.TryReplace(ref DecayDue, due, next))
        {
            Aged = 0;
            PassAt = now;
            _ = ReleaseKept();
            for (Region* region = First; region != null; region = region->Next)
            {
                _ = region->ReleaseKept();
                Atomic.Write(ref region->PurgeWord, 0);
            }
        }

        nuint budget = PurgeBudget;
        nuint aged = 0;
        for (Region* region = First; region != null && budget != 0; region = region->Next)
        {
            region->PurgeSome(ref budget, ref aged);
        }

        if (budget != PurgeBudget)
        {
            _ = Atomic.Add(ref Supply.PurgeSteps, 1);
        }

        Aged += aged;
        PassRemains = budget == 0 ? 1u : 0u;
        return budget == 0;
    }

    /// <summary>Sets the decay time; memory that is dirty already counts as old enough.</summary>
    /// <param name="backend">The back end.</param>
    /// <param name="milliseconds">
    /// The decay time, in milliseconds: 0 purges everything at once, negative never purges.
    /// </param>
    internal static void SetDecay(HeapBackend* backend, nint milliseconds)
    {
        Atomic.Write(ref *(nuint*)&backend->DecayMilliseconds, (nuint)milliseconds);

        // The period that has begun may be longer than the new decay time.
        Atomic.Write(ref backend->FreedAt, 0);
        Atomic.Write(ref backend->DecayDue, 0);
        if (milliseconds == 0)
        {
            _ = backend->PurgeAll();
        }

        if (Atomic.Read(ref backend->Attended) != 0)
        {
            backend->OnWake();
        }
    }

    /// <summary>Purges all free slices; returns the number of bytes purged.</summary>
    internal nuint PurgeAll()
    {
        nuint slices = 0;
        _ = ReleaseKept();
        for (Region* region = First; region != null; region = region->Next)
        {
            slices += region->PurgeAll();
        }

        if (slices != 0)
        {
            _ = Atomic.Add(ref Supply.PurgeSteps, 1);
        }

        return slices << Region.Log2Slice;
    }

    /// <summary>Returns the number of free slices that may be backed by memory.</summary>
    internal nuint DirtySlices()
    {
        nuint slices = KeptSlices();
        for (Region* region = First; region != null; region = region->Next)
        {
            slices += region->DirtySlices();
        }

        return slices;
    }

    /// <summary>Wakes the background thread if it waits for freed memory.</summary>
    internal static void WakeAttendant(HeapBackend* backend)
    {
        // Of several threads one wakes it. Pairs with the background thread, which sets the word and then
        // looks for dirty memory again before it waits.
        if (Atomic.Read(ref backend->WantsWake) != 0 && Atomic.TryReplace(ref backend->WantsWake, 1, 0))
        {
            backend->OnWake();
        }
    }

    /// <summary>Returns the number of slices as which a kept run counts in a reading of the clock.</summary>
    /// <remarks>
    /// The same run may be kept again and again, so its length makes no difference. But the first run after a
    /// pass, and one for which the background thread waits, have to be noticed at once, and a pass that is
    /// not complete continues.
    /// </remarks>
    private readonly nuint CountKept() =>
        FreedAt < PassAt || WantsWake != 0 || PassRemains != 0 ? FreedPerReading : 1;

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void OnFreed(HeapBackend* backend)
    {
        backend->FreedSinceClock = 0;
        if (backend->DecayMilliseconds > 0)
        {
            nuint now = Os.Milliseconds();
            backend->Decay(now);
            Atomic.Write(ref backend->FreedAt, now);
            WakeAttendant(backend);
            if (now - backend->CalledAt >= CallMilliseconds)
            {
                // The thread that frees may be about to sleep; the others notice at their next slow paths.
                // Pairs with ThreadLifetime.Update.
                backend->CalledAt = now;
                _ = Atomic.Add(ref backend->Version, 1);
            }
        }
    }
}
