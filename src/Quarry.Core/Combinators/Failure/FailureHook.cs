namespace Quarry;

/// <summary>Represents a function that decides what happens after a failed request.</summary>
/// <remarks>
/// The function receives the size and alignment of the request, and may free memory. It runs on the thread
/// that made the request; if the allocator is thread-safe, it can run on several threads at once. After
/// <see cref="FailureResponse.Retry"/> the request is repeated, and the function is called again if the
/// request fails again; so return another response if there is nothing left to free.
/// </remarks>
public readonly unsafe struct FailureHook
{
    private readonly delegate*<void*, Layout, FailureResponse> _function;
    private readonly void* _context;

    /// <summary>Initializes a hook that calls a function.</summary>
    /// <param name="function">The function. It must not throw.</param>
    /// <param name="context">The value that is passed as the first argument of the function.</param>
    public FailureHook(delegate*<void*, Layout, FailureResponse> function, void* context)
    {
        _function = function;
        _context = context;
    }

    /// <summary>Gets a hook that writes a message with the size and alignment to standard error.</summary>
    public static FailureHook Report => new(&AnswerReport, null);

    /// <summary>Gets a hook that writes the same message, and terminates the process with SIGABRT.</summary>
    public static FailureHook Abort => new(&AnswerAbort, null);

    /// <summary>
    /// Gets a value that indicates whether this is the default value, with which failed requests return null.
    /// </summary>
    public bool IsDefault => _function == null;

    /// <summary>Calls the function and carries out its response.</summary>
    /// <param name="layout">The size and alignment of the request that failed.</param>
    /// <returns><see langword="true"/> if the request is to be repeated.</returns>
    public bool ShouldRetry(Layout layout)
    {
        FailureResponse response = _function == null ? FailureResponse.Fail : _function(_context, layout);
        if (response is FailureResponse.Report or FailureResponse.Abort)
        {
            FailureReport.Write(layout);
            if (response == FailureResponse.Abort)
            {
                Os.Abort();
            }
        }

        return response == FailureResponse.Retry;
    }

    private static FailureResponse AnswerReport(void* context, Layout layout) => FailureResponse.Report;

    private static FailureResponse AnswerAbort(void* context, Layout layout) => FailureResponse.Abort;
}
