namespace Quarry;

/// <summary>What shall happen after a request that could not be served.</summary>
public enum FailureResponse
{
    /// <summary>The request fails: the caller gets null.</summary>
    Fail,

    /// <summary>The request is made again, as there may be room now.</summary>
    Retry,

    /// <summary>A message goes to standard error, and the request fails.</summary>
    Report,

    /// <summary>A message goes to standard error, and the process ends by SIGABRT.</summary>
    Abort,
}
