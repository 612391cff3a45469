namespace Quarry.Malloc;

/// <summary>Specifies whether threads use the arena of their processor: jemalloc's <c>percpu_arena</c>.
/// </summary>
internal enum ProcessorArenas
{
    /// <summary>Threads are spread over the arenas when they start.</summary>
    None,

    /// <summary>Each processor has an arena.</summary>
    Each,

    /// <summary>
    /// Two processors share an arena: those whose numbers differ by half the number of processors, which are
    /// the two of one core on most machines.
    /// </summary>
    EachCore,
}
