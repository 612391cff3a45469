namespace Quarry;

/// <summary>Specifies what a program did wrong with a block.</summary>
internal enum GuardError
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>An access behind the block.</summary>
    Overflow,

    /// <summary>An access before the block.</summary>
    Underflow,

    /// <summary>An access to the block after it was freed.</summary>
    UseAfterFree,

    /// <summary>An access to a slot that never held a block.</summary>
    WildAccess,

    /// <summary>The bytes behind the block had changed when it was freed.</summary>
    OverflowFound,

    /// <summary>The bytes before the block had changed when it was freed.</summary>
    UnderflowFound,

    /// <summary>The block was freed twice.</summary>
    DoubleFree,

    /// <summary>An address inside or beside a block was freed or resized.</summary>
    InvalidFree,

    /// <summary>A block had changed since it was freed.</summary>
    WriteAfterFree,

    /// <summary>A block was freed with a size other than that requested.</summary>
    WrongSize,

    /// <summary>A block was freed with an alignment that it does not have.</summary>
    WrongAlignment,

    /// <summary>A block was not freed.</summary>
    Leak,
}
