namespace Quarry;

/// <summary>Specifies which chunks an arena keeps when it is reset.</summary>
public enum Retention
{
    /// <summary>
    /// Chunks of at least as many bytes as the fullest recent round used: the value rises at once, and falls
    /// by an eighth each round, so that an exceptional round does not retain memory for long.
    /// </summary>
    Recent,

    /// <summary>The largest chunk.</summary>
    Largest,

    /// <summary>All chunks.</summary>
    All,

    /// <summary>No chunks.</summary>
    None,
}
