namespace Quarry.Malloc;

/// <summary>What a caller of a control may pass.</summary>
internal enum MallctlAccess
{
    /// <summary>A buffer for the value, or nothing.</summary>
    Read,

    /// <summary>A buffer for the old value, a new value, both, or nothing.</summary>
    ReadWrite,

    /// <summary>The same, but a caller that passes both reads the new value.</summary>
    WriteThenRead,

    /// <summary>A new value, or nothing.</summary>
    Write,

    /// <summary>
    /// A buffer of the exact size for the result, and possibly a new value; without the buffer, nothing is
    /// done.
    /// </summary>
    MustRead,

    /// <summary>A buffer for the value, a new value, or nothing, but not both.</summary>
    ReadOrWrite,

    /// <summary>Nothing: an action.</summary>
    Action,

    /// <summary>A value or nothing: an action in both cases.</summary>
    Command,

    /// <summary>Buffers of a form of its own, which the control itself checks and fills.</summary>
    Buffers,

    /// <summary>Nothing: the feature is switched off, so the control does not exist.</summary>
    Unavailable,
}
