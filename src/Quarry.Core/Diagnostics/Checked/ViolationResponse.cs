namespace Quarry;

/// <summary>What follows on a violation, beside its being reported.</summary>
public enum ViolationResponse
{
    /// <summary>The program goes on. In the library, <c>Dispose</c> throws what was found.</summary>
    ThrowAtEnd,

    /// <summary>The program goes on, and nothing throws unless asked by <c>Verify</c>.</summary>
    Collect,

    /// <summary>The process ends at once, where a debugger or a core file shows the place.</summary>
    Abort,
}
