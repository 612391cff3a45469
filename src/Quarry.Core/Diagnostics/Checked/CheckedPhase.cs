namespace Quarry;

/// <summary>Where a block is in its life.</summary>
internal enum CheckedPhase
{
    /// <summary>It is the caller's.</summary>
    Live,

    /// <summary>A thread is about to give it back or to move it.</summary>
    Claimed,

    /// <summary>It was given back and is not used again yet.</summary>
    Quarantined,
}
