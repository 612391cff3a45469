namespace Quarry.Gc;

/// <summary>
/// What <c>GC.GetGCMemoryInfo</c> reports about a collection. Sizes are in bytes, times in nanoseconds.
/// </summary>
internal struct CollectionRecord
{
    /// <summary>The number of the collection, from 1; 0 if there was none.</summary>
    public nuint Index;

    public int Generation;

    /// <summary>Whether threads ran while it marked, apart from the pause at the end.</summary>
    public bool IsConcurrent;

    /// <summary>Whether it was taken for granted that all young objects are alive.</summary>
    public bool IsPromotion;
    public ulong Start;

    /// <summary>The time at which all threads were suspended.</summary>
    public ulong Suspended;

    /// <summary>The duration of the scan of stacks, without marking what they lead to.</summary>
    public ulong Stacks;

    /// <summary>The duration of the visits of handles, without marking what they lead to.</summary>
    public ulong Handles;

    /// <summary>The number of visits of handles: a handle may be visited for several reasons.</summary>
    public nuint HandlesVisited;

    /// <summary>The time at which all live objects were marked.</summary>
    public ulong Marked;

    /// <summary>The time at which the sweep was done.</summary>
    public ulong Swept;

    public ulong Pause;

    /// <summary>The percentage of the time since the start that was spent in pauses, times 100.</summary>
    public uint PausePercentage;

    /// <summary>The size of young objects before the collection.</summary>
    public nuint YoungBefore;

    /// <summary>The size of old objects before the collection.</summary>
    public nuint OldBefore;

    /// <summary>The size of holes before the collection.</summary>
    public nuint FreeBefore;

    /// <summary>The number of requests of threads for holes since the previous collection.</summary>
    public nuint Requests;

    /// <summary>The number of holes that threads took since the previous collection.</summary>
    public nuint HolesTaken;

    /// <summary>The size of all objects after the collection.</summary>
    public nuint LiveAfter;

    /// <summary>The size of holes after the collection, without those returned to the system.</summary>
    public nuint FreeAfter;

    /// <summary>The size of the objects that survived this collection.</summary>
    public nuint Promoted;

    public nuint Committed;
    public nuint Pinned;
    public nuint FinalizersDue;

    /// <summary>The size of what only finalizers keep alive.</summary>
    public nuint FinalizersBytes;

    public ulong MemoryLoad;
}
