namespace Quarry;

/// <summary>Specifies what a program did wrong with a guarded block.</summary>
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
}
