using System.Runtime;

namespace Quarry.Malloc;

/// <summary>The guarded blocks of the process, which all arenas share.</summary>
internal static unsafe class GuardMode
{
    // A guarded block takes 20 to 60 microseconds, most of them for system calls: so at most 1 % of the time.
    private const nuint LeastMilliseconds = 8;

    private static nuint s_guards;
    private static nuint s_walker;

    /// <summary>Gets the slots; null if no blocks are guarded.</summary>
    internal static GuardedBlocks* Guards => (GuardedBlocks*)Atomic.Read(ref s_guards);

    /// <summary>Gets the walker of the stacks; null if there was no memory for it.</summary>
    internal static StackWalker* Walker => (StackWalker*)Atomic.Read(ref s_walker);

    /// <summary>Prepares for reports, in all modes that make any.</summary>
    internal static void StartReports()
    {
        StackWalkerOptions walker = new()
        {
            FindObject = LibC.FindObject(),
            OwnStart = ImageCode.Start,
            OwnEnd = ImageCode.End,
        };
        ErrorFile.Start();
        Atomic.Write(ref s_walker, (nuint)StackWalker.TryCreate(walker));
    }

    /// <summary>Creates the slots if the options ask for them, for the first heap.</summary>
    internal static void Start()
    {
        if (!ModeOptions.Guarded || Guards != null)
        {
            return;
        }

        StartReports();
        GuardOptions options = new()
        {
            Interval = ModeOptions.GuardInterval,
            LeastMilliseconds = ModeOptions.GuardInterval == 1 ? 0 : LeastMilliseconds,
            MaxBlocks = ModeOptions.GuardBlocks,
            Walk = &Walk,
            OnError = &GuardReport.OnError,
        };
        GuardedBlocks* guards = GuardedBlocks.TryCreate(options);
        if (guards == null)
        {
            StandardError.Write("quarry: out of memory for guarded blocks; none are guarded\n"u8);
        }

        Atomic.Write(ref s_guards, (nuint)guards);
    }

    /// <summary>
    /// Installs the handler of faults when the library is loaded. Not with the first allocation: the C
    /// library may allocate to find the original function.
    /// </summary>
    [RuntimeExport("quarry_guard_at_load")]
    internal static void OnLoad()
    {
        _ = ProcessHeap.Ensure(ThreadWord.ProcessHeap);
        if (Guards != null || IsolationMode.Heap != null)
        {
            FaultHandler.Install();
        }
    }

    private static int Walk(ulong* frames, int capacity) =>
        Walker == null ? 0 : StackWalker.Walk(Walker, (nuint*)frames, capacity, out _);
}
