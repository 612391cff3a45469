namespace Quarry;

/// <summary>What was done wrong with a block.</summary>
public enum ViolationKind
{
    /// <summary>No violation.</summary>
    None,

    /// <summary>
    /// A block was given back, resized or asked about with another size or alignment than it was taken with.
    /// </summary>
    LayoutMismatch,

    /// <summary>A block was given back that had been given back before.</summary>
    DoubleFree,

    /// <summary>An address was given back that lies in no block of the allocator.</summary>
    ForeignPointer,

    /// <summary>An address was given back that lies in a block, but not at its start.</summary>
    InteriorPointer,

    /// <summary>Something wrote in front of a block.</summary>
    Underrun,

    /// <summary>Something wrote behind a block.</summary>
    Overrun,

    /// <summary>Something wrote to a block that had been given back.</summary>
    WriteAfterFree,

    /// <summary>The inner allocator served a block that it had served before and not got back.</summary>
    DuplicateAllocation,
}
