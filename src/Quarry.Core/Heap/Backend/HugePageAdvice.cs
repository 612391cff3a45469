namespace Quarry;

/// <summary>Whether the system has to be advised to back memory with huge pages.</summary>
internal enum HugePageAdvice
{
    /// <summary>It was not determined yet.</summary>
    Unknown,

    /// <summary>Huge pages are used on advice only.</summary>
    Needed,

    /// <summary>Huge pages are the default.</summary>
    Default,
}
