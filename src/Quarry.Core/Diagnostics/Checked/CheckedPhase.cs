namespace Quarry;

/// <summary>Specifies the phase of a block.</summary>
internal enum CheckedPhase
{
    /// <summary>In use by the caller.</summary>
    Live,

    /// <summary>Being freed or moved by a thread.</summary>
    Claimed,

    /// <summary>Freed, and not yet reused.</summary>
    Quarantined,
}
