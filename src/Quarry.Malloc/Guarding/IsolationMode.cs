using System.Runtime;

namespace Quarry.Malloc;

/// <summary>The isolated heap of the process: the modes <c>checked</c> and <c>hardened</c>.</summary>
internal static unsafe class IsolationMode
{
    private static nuint ReserveBytes => (nuint)64 << 30;

    private static nuint s_heap;
    private static nuint s_stacks;

    /// <summary>Gets the heap; null in other modes.</summary>
    internal static IsolatedHeap* Heap => (IsolatedHeap*)Atomic.Read(ref s_heap);

    private static KeptStacks* Stacks => (KeptStacks*)Atomic.Read(ref s_stacks);

    /// <summary>Creates the heap if the options ask for it, before the first ordinary heap.</summary>
    internal static void Start()
    {
        if (!(ModeOptions.Checked || ModeOptions.Hardened) || Heap != null)
        {
            return;
        }

        GuardMode.StartReports();
        if (ModeOptions.Checked)
        {
            KeptStacks* stacks = (KeptStacks*)Os.Map(Os.PageSize);
            Atomic.Write(ref s_stacks, stacks != null && KeptStacks.TryStart(stacks) ? (nuint)stacks : 0);
        }

        IsolatedHeap* heap = IsolatedHeap.TryCreate(ModeOptions.Checked ? Checks() : Hardens());
        if (heap == null)
        {
            StandardError.Write("quarry: out of memory for the mode; the mode is release\n"u8);
        }

        // Threads that make the first allocation at once create a heap each, of which one is used.
        _ = Atomic.TryReplace(ref s_heap, 0, (nuint)heap);
    }

    /// <summary>Copies the innermost frames of a stack; returns their number.</summary>
    internal static int CopyStack(uint number, ulong* frames)
    {
        if (number == 0 || Stacks == null)
        {
            return 0;
        }

        ulong* kept = KeptStacks.Frames(Stacks, number, out int depth);
        depth = depth < GuardSlot.MaxFrames ? depth : GuardSlot.MaxFrames;
        Memory.Copy(kept, frames, (nuint)depth * sizeof(ulong));
        return depth;
    }

    internal static void OnFork()
    {
        if (Heap != null)
        {
            IsolatedHeap.EnterForFork(Heap, CurrentThread());
        }
    }

    internal static void OnForked()
    {
        if (Heap != null)
        {
            IsolatedHeap.ExitAfterFork(Heap, CurrentThread());
        }
    }

    /// <summary>Gives the only thread of the child of a fork its ID.</summary>
    internal static void StartInChild(ThreadHeap* thread)
    {
        if (thread->Facade != null)
        {
            _ = ThreadLifetime.FacadeOf(thread);
        }
    }

    /// <summary>Inspects all blocks at exit, and reports those in use if the options ask for it.</summary>
    [RuntimeExport("quarry_inspect_at_exit")]
    internal static void OnExit()
    {
        if (Heap == null)
        {
            return;
        }

        IsolatedHeap.Inspect(Heap);
        if (ModeOptions.Checked && ModeOptions.ReportsLeaks && Stacks != null)
        {
            LeakReport.Write(Heap);
        }
    }

    private static IsolationOptions Checks() => new()
    {
        Explains = true,
        FillsAllocated = true,
        FreedByte = 0x5a,
        ReserveBytes = ReserveBytes,
        QuarantineBytes = 512 * 1024,
        QuarantineBlocks = 4096,
        Shards = 4,
        Secret = IsolationSecret.Create(),
        Capture = Stacks == null ? null : &Capture,
        OnError = &GuardReport.OnIsolatedError,
    };

    private static IsolationOptions Hardens() => new()
    {
        Randomizes = true,
        ReserveBytes = ReserveBytes,
        QuarantineBytes = 32 * 1024,
        QuarantineBlocks = 128,
        Shards = 4,
        Secret = IsolationSecret.Create(),
        OnError = &GuardReport.OnIsolatedError,
    };

    private static IsolatedThread* CurrentThread()
    {
        ThreadHeap* facade = ThreadWord.Own->Facade;
        return facade == null ? null : ThreadHeap.Isolated(facade);
    }

    private static uint Capture(IsolatedThread* thread)
    {
        ulong* addresses = stackalloc ulong[StackWalker.MaxFrames];
        LastStack* last = LastStackOf(thread);
        if (last != null && last->TryEnter())
        {
            if (StackWalker.TryRepeat(GuardMode.Walker, last))
            {
                int depth = LastStack.Depth(last);
                ulong hash = LastStack.Hash(last);
                uint known = KeptStacks.Find(Stacks, hash, depth);
                if (known == 0)
                {
                    LastStack.CopyAddresses(last, (nuint*)addresses);
                    known = KeptStacks.Add(Stacks, hash, addresses, depth);
                }

                last->Leave();
                return known;
            }

            last->Refuse();
        }

        return CaptureAnew(addresses);
    }

    private static uint CaptureAnew(ulong* addresses)
    {
        int depth = GuardMode.Walker == null
            ? 0
            : StackWalker.Walk(GuardMode.Walker, (nuint*)addresses, StackWalker.MaxFrames, out _);
        ulong hash = 0;
        for (int index = depth - 1; index >= 0; index--)
        {
            hash = LastStack.Combine(hash, (nuint)addresses[index]);
        }

        uint number = depth == 0 ? 0 : KeptStacks.Find(Stacks, hash, depth);
        return number != 0 || depth == 0 ? number : KeptStacks.Add(Stacks, hash, addresses, depth);
    }

    private static LastStack* LastStackOf(IsolatedThread* thread)
    {
        if (thread->Id == 0 || GuardMode.Walker == null)
        {
            // Several threads share the record of unknown threads.
            return null;
        }

        if (thread->Stack == null)
        {
            thread->Stack = (LastStack*)Os.Map(Layout.AlignUp(LastStack.Bytes, Os.PageSize));
        }

        return thread->Stack;
    }
}
