namespace Quarry;

/// <summary>Specifies what happens after a failed request.</summary>
public enum FailureResponse
{
    /// <summary>The request returns null.</summary>
    Fail,

    /// <summary>The request is repeated, as memory may have become available.</summary>
    Retry,

    /// <summary>A message is written to standard error, and the request returns null.</summary>
    Report,

    /// <summary>A message is written to standard error, and the process is terminated with SIGABRT.</summary>
    Abort,
}
