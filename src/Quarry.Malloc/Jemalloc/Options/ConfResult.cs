namespace Quarry.Malloc;

/// <summary>What became of a pair.</summary>
internal enum ConfResult
{
    /// <summary>The option was set, or is accepted without effect.</summary>
    Set,

    /// <summary>There is no such option.</summary>
    Unknown,

    /// <summary>The value cannot be parsed.</summary>
    Invalid,

    /// <summary>The value is a number out of range.</summary>
    OutOfRange,
}
