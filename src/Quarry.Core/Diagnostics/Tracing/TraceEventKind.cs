namespace Quarry;

/// <summary>Specifies the kind of a trace event.</summary>
public enum TraceEventKind
{
    /// <summary>No event: the default value.</summary>
    None,

    /// <summary>A block was allocated. The address is 0 if the request failed.</summary>
    Allocate,

    /// <summary>A zeroed block was allocated. The address is 0 if the request failed.</summary>
    AllocateZeroed,

    /// <summary>A block is about to be freed.</summary>
    Deallocate,

    /// <summary>
    /// A block is about to be reallocated. From here on, its address can belong to another block; the next
    /// <see cref="Reallocate"/> with the same thread and address contains the result.
    /// </summary>
    Reallocating,

    /// <summary>
    /// A block was reallocated. The new address is 0 if the request failed; the block is then unchanged.
    /// </summary>
    Reallocate,

    /// <summary>A block was resized in place.</summary>
    Resize,

    /// <summary>All blocks are about to be freed at once.</summary>
    DeallocateAll,
}
