namespace Quarry;

/// <summary>What an arena keeps of its chunks when it is reset.</summary>
public enum Retention
{
    /// <summary>
    /// As much as the fullest of the recent rounds used: rises at once, falls by an eighth each round. A
    /// round that needed far more than others is forgotten.
    /// </summary>
    Recent,

    /// <summary>The largest chunk.</summary>
    Largest,

    /// <summary>All chunks.</summary>
    All,

    /// <summary>None.</summary>
    None,
}
