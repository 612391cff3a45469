namespace Quarry.Malloc;

/// <summary>The decay times that programs read and write.</summary>
/// <remarks>
/// The heap returns dirty memory to the system directly, so no memory is ever muzzy, and any muzzy decay time
/// is satisfied.
/// </remarks>
internal static unsafe class DecayControls
{
    private static nuint s_newDirty, s_newMuzzy;

    /// <summary>Gets the default of arenas that are created later, in milliseconds.</summary>
    internal static nuint NewDirty => s_newDirty;

    internal static nuint NewMuzzy => s_newMuzzy;

    /// <summary>Gets or sets the muzzy decay time of the options, in milliseconds.</summary>
    internal static nuint InitialMuzzy { get; set; }

    /// <summary>Sets the defaults; called when the options were read.</summary>
    internal static void Start()
    {
        s_newDirty = unchecked((nuint)Options.DecayMilliseconds);
        s_newMuzzy = InitialMuzzy;
    }

    /// <summary>
    /// Reads or writes the decay time of an arena; 0 also returns all dirty memory at once.
    /// </summary>
    internal static int Dirty(ref MallctlNode node)
    {
        HeapState* heap = Arenas.HeapOf(node.First);
        if (heap == null || (node.Writes && !IsValid(node.Input)))
        {
            return MallctlError.Fault;
        }

        if (node.Writes)
        {
            HeapBackend.SetDecay(&heap->Backend, (nint)node.Input);
        }

        return node.ReturnSigned(DirtyOf(heap));
    }

    /// <summary>Reads or writes the muzzy decay time of an arena.</summary>
    internal static int Muzzy(ref MallctlNode node)
    {
        Arena* arena = Arenas.Find(node.First);
        if (arena == null || (node.Writes && !IsValid(node.Input)))
        {
            return MallctlError.Fault;
        }

        arena->MuzzyDecay = node.Writes ? node.Input : arena->MuzzyDecay;
        return node.ReturnSigned(arena->MuzzyDecay);
    }

    /// <summary>Returns the decay time of a heap, in milliseconds; the largest number for never.</summary>
    internal static nuint DirtyOf(HeapState* heap) => unchecked((nuint)heap->Backend.DecayMilliseconds);

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
