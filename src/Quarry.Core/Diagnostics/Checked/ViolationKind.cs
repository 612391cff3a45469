namespace Quarry;

/// <summary>Specifies the kind of a violation.</summary>
public enum ViolationKind
{
    /// <summary>No violation.</summary>
    None,

    /// <summary>
    /// A block was freed, resized, or queried with a size or alignment that differs from its layout.
    /// </summary>
    LayoutMismatch,

    /// <summary>A freed block was freed again.</summary>
    DoubleFree,

    /// <summary>An address outside all blocks of the allocator was freed.</summary>
    ForeignPointer,

    /// <summary>An address inside a block was freed.</summary>
    InteriorPointer,

    /// <summary>A byte before a block was overwritten.</summary>
    Underrun,

    /// <summary>A byte after a block was overwritten.</summary>
    Overrun,

    /// <summary>A byte of a freed block was overwritten.</summary>
    WriteAfterFree,

    /// <summary>The inner allocator returned a block that is still in use.</summary>
    DuplicateAllocation,
}
