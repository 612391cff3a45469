namespace Quarry;

/// <summary>Specifies what happens after a violation is reported.</summary>
public enum ViolationResponse
{
    /// <summary>
    /// The program continues. In the library, <c>Dispose</c> throws an exception that lists all violations.
    /// </summary>
    ThrowAtEnd,

    /// <summary>The program continues, and only <c>Verify</c> throws.</summary>
    Collect,

    /// <summary>The process is aborted at once, so that a debugger or a core dump shows the call.</summary>
    Abort,
}
