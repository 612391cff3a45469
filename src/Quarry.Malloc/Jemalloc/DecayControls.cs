namespace Quarry.Malloc;

/// <summary>The decay times that programs read and write.</summary>
/// <remarks>
/// The heap returns dirty memory to the system directly, so no memory is ever muzzy, and any muzzy decay time
/// is satisfied.
/// </remarks>
internal static unsafe class DecayControls
{
    private static nuint s_newDirty, s_newMuzzy, s_muzzy;

    /// <summary>Gets the default of arenas that are created later, in milliseconds.</summary>
    internal static nuint NewDirty => s_newDirty;

    internal static nuint NewMuzzy => s_newMuzzy;

    internal static nuint Muzzy => s_muzzy;

    /// <summary>Gets or sets the muzzy decay time of the options, in milliseconds.</summary>
    internal static nuint InitialMuzzy { get; set; }

    /// <summary>Gets the decay time of the heap, in milliseconds; the largest number for never.</summary>
    internal static nuint Dirty
    {
        get
        {
            HeapState* heap = ProcessHeap.Heap;
            return heap == null ? NewDirty : unchecked((nuint)heap->Backend.DecayMilliseconds);
        }
    }

    /// <summary>Sets the defaults; called when the options were read.</summary>
    internal static void Start()
    {
        s_newDirty = unchecked((nuint)Options.DecayMilliseconds);
        s_newMuzzy = InitialMuzzy;
        s_muzzy = InitialMuzzy;
    }

    /// <summary>Sets the decay time of the heap; 0 also returns all dirty memory at once.</summary>
    internal static int SetDirty(nuint milliseconds)
    {
        ThreadHeap* thread = ProcessHeap.Ensure(ThreadWord.ProcessHeap);
        if (!IsValid(milliseconds))
        {
            return MallctlError.Fault;
        }

        if (thread == null)
        {
            return MallctlError.TryAgain;
        }

        HeapBackend* backend = &thread->Heap->Backend;
        Atomic.Write(ref *(nuint*)&backend->DecayMilliseconds, milliseconds);

        // The period that has begun may be longer than the new decay time.
        Atomic.Write(ref backend->DecayDue, 0);
        if (milliseconds == 0)
        {
            _ = backend->PurgeAll();
        }

        return MallctlError.None;
    }

    internal static int SetMuzzy(nuint milliseconds) => Set(ref s_muzzy, milliseconds);

    internal static int SetNewDirty(nuint milliseconds) => Set(ref s_newDirty, milliseconds);

    internal static int SetNewMuzzy(nuint milliseconds) => Set(ref s_newMuzzy, milliseconds);

    private static int Set(ref nuint time, nuint milliseconds)
    {
        if (!IsValid(milliseconds))
        {
            return MallctlError.Fault;
        }

        time = milliseconds;
        return MallctlError.None;
    }

    // At least -1, which is never.
    private static bool IsValid(nuint milliseconds) => (nint)milliseconds >= -1;
}
