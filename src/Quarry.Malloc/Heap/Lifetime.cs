namespace Quarry.Malloc;

/// <summary>What the C library tells us of threads and forks.</summary>
internal static unsafe class Lifetime
{
    private static uint s_key;
    private static bool s_hasKey;

    /// <summary>
    /// Asks to be told. Without a C library, ended threads are found by their numbers later.
    /// </summary>
    internal static void Watch()
    {
        void* createKey = LibC.KeyCreate();
        if (createKey != null && LibC.SetSpecific() != null)
        {
            uint key;
            delegate*<void*, void> destructor = &OnThreadExit;
            s_hasKey = LibC.Call(createKey, (nint)(&key), (nint)destructor) == 0;
            s_key = key;
        }

        LibC.OnFork(null, null, &OnForkedChild);
    }

    /// <summary>Has the C library call us when this thread ends. It may allocate to remember that.</summary>
    internal static void WatchThread(ThreadHeap* thread)
    {
        if (s_hasKey)
        {
            _ = LibC.Call(LibC.SetSpecific(), (nint)s_key, (nint)thread);
        }
    }

    // Destructors that run after this one may free and even allocate; the thread then gets a thread heap
    // once more, and the C library calls again.
    private static void OnThreadExit(void* thread)
    {
        if (ThreadWord.ProcessHeap == (ThreadHeap*)thread)
        {
            ThreadLifetime.Detach((ThreadHeap*)thread);
            ThreadWord.Reset();
            ThreadLifetime.Retire((ThreadHeap*)thread);
        }
    }

    // The child has one thread, with a new number. All others' thread heaps will be found to be dead ones.
    private static void OnForkedChild()
    {
        HeapState* heap = ProcessHeap.Heap;
        ThreadHeap* thread = ThreadWord.ProcessHeap;
        if (heap != null)
        {
            heap->ProcessId = Os.ProcessId();
            if (thread->Heap != null)
            {
                thread->User = (uint)Os.ThreadId();
            }

            Snapshot.StartInChild();
        }
    }
}
