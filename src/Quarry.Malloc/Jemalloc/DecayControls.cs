namespace Quarry.Malloc;

/// <summary>The decay times that programs read and write.</summary>
/// <remarks>
/// The heap returns dirty memory to the system directly, so no memory is ever muzzy, and any muzzy decay time
/// is satisfied.
/// </remarks>
internal static unsafe class DecayControls
{
    /// <summary>Gets or sets the default of arenas that are created later.</summary>
    internal static nuint NewDirty { get; set; }

    internal static nuint NewMuzzy { get; set; }

    internal static nuint Muzzy { get; set; }

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
        NewDirty = unchecked((nuint)Options.DecayMilliseconds);
        NewMuzzy = InitialMuzzy;
        Muzzy = InitialMuzzy;
    }

    /// <summary>Determines whether a number of milliseconds is at least -1.</summary>
    internal static bool IsValid(nuint milliseconds) => (nint)milliseconds >= -1;

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

    internal static int SetMuzzy(nuint milliseconds)
    {
        Muzzy = IsValid(milliseconds) ? milliseconds : Muzzy;
        return IsValid(milliseconds) ? MallctlError.None : MallctlError.Fault;
    }

    internal static int SetNewDirty(nuint milliseconds)
    {
        NewDirty = IsValid(milliseconds) ? milliseconds : NewDirty;
        return IsValid(milliseconds) ? MallctlError.None : MallctlError.Fault;
    }

    internal static int SetNewMuzzy(nuint milliseconds)
    {
        NewMuzzy = IsValid(milliseconds) ? milliseconds : NewMuzzy;
        return IsValid(milliseconds) ? MallctlError.None : MallctlError.Fault;
    }
}
