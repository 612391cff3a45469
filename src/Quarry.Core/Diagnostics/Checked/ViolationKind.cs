namespace Quarry;

/// <summary>Specifies the kind of a violation.</summary>
public enum ViolationKind
{
    /// <summary>No violation.</summary>
    None,

    /// <summary>
    /// A block was freed, resized, or queried with a size or alignment other than it was allocated with.
    /// </summary>
    LayoutMismatch,

    /// <summary>A block was freed that had been freed before.</summary>
    DoubleFree,

    /// <summary>An address was freed that is in no block of the allocator.</summary>
    ForeignPointer,

    /// <summary>An address was freed that is inside a block.</summary>
    InteriorPointer,

    /// <summary>A byte in front of a block was overwritten.</summary>
    Underrun,

    /// <summary>A byte behind a block was overwritten.</summary>
    Overrun,

    /// <summary>A byte of a freed block was overwritten.</summary>
    WriteAfterFree,

    /// <summary>
    /// The inner allocator returned a block that it had returned before and that was not freed to it.
    /// </summary>
    DuplicateAllocation,
}
