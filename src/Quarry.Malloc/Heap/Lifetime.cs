namespace Quarry.Malloc;

/// <summary>Hooks that the C library calls when threads exit and when the process forks.</summary>
internal static unsafe class Lifetime
{
    // The key of the thread-exit hook plus one; 0 before it is created. A single word, because threads that
    // attach while the key is being created must read either no key or a valid one.
    private static nuint s_keyPlusOne;

    /// <summary>
    /// Registers the hooks. Without a C library, exited threads are detected later by their thread IDs.
    /// </summary>
    internal static void Watch()
    {
        if (LibC.TryCreateKey(&OnThreadExit, out uint key))
        {
            Atomic.Write(ref s_keyPlusOne, (nuint)key + 1);
        }

        LibC.OnFork(&OnFork, &OnForked, &OnForkedChild);
    }

    /// <summary>Registers the calling thread for the thread-exit hook.</summary>
    /// <remarks>
    /// The C library may allocate to store the value, so the thread heap must be usable already.
    /// </remarks>
    internal static void WatchThread(ThreadHeap* thread)
    {
        nuint keyPlusOne = Atomic.Read(ref s_keyPlusOne);
        if (keyPlusOne != 0)
        {
            LibC.SetSpecific((uint)(keyPlusOne - 1), thread);
        }
    }

    // Destructors that run after this one may allocate; the thread then attaches again, and the C library
    // calls this method once more. After the last destructor, the C library frees what belongs to detached
    // threads. A thread heap for that would stay with a thread that is gone, until another one rebuilds it.
    private static void OnThreadExit(void* thread)
    {
        ThreadHeap* own = ThreadWord.Own;
        ThreadHeap* home = ThreadHeap.HomeOf(own);
        if (home == (ThreadHeap*)thread)
        {
            Profiler.OnThreadExit();
            JemallocProfile.OnThreadExit();

            // A handler that forks or needs a thread heap would find one of these by its ID, half retired.
            // The ID stays: with it, a child that another thread forks finds them to be an ended thread's.
            ulong mask = Os.Linux.BlockSignals();
            ThreadWord.Reset();
            ArenaGuests.ReleaseAll(home);
            AutomaticArenas.ReleaseFormer(home);
            AutomaticArenas.Leave(own->Heap);
            if (own != home)
            {
                ArenaThreads.Release(own);
            }

            ThreadLifetime.RetireForSuccessor(home);
            ThreadWord.End();
            Os.Linux.RestoreSignals(mask);
        }
    }

    private static void OnFork()
    {
        BackgroundThread.Pause();
        IsolationMode.OnFork();
    }

    private static void OnForked()
    {
        IsolationMode.OnForked();
        BackgroundThread.Resume();
    }

    // The child has one thread, with a new thread ID. All other thread heaps contain the IDs of threads that
    // do not exist in the child.
    private static void OnForkedChild()
    {
        HeapState* heap = ProcessHeap.Heap;
        ThreadHeap* thread = ThreadWord.Own;
        IsolationMode.OnForked();
        if (heap != null)
        {
            Arenas.StartInChild();
            ExplicitCaches.StartInChild();
            if (thread->Heap != null)
            {
                ThreadHeap* home = ThreadHeap.HomeOf(thread);
                int threadId = Os.ThreadId();
                ThreadLifetime.StartInChild(thread, threadId);
                if (home != thread)
                {
                    ThreadLifetime.StartInChild(home, threadId);
                }

                if (home->Former != null)
                {
                    ThreadLifetime.StartInChild(home->Former, threadId);
                }

                ArenaGuests.StartInChild(home, threadId);
                AutomaticArenas.StartInChild(thread);
            }

            BackgroundThread.StartInChild();
            ProfileRequest.Cancel();
            StatisticsFile.StartInChild();
            Snapshots.StartInChild();
            IsolationMode.StartInChild(thread);
            IntervalReports.StartInChild();
            Profiler.StartInChild(heap);
            JemallocProfile.StartInChild();
        }
    }
}
