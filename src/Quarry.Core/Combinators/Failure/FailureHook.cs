namespace Quarry;

/// <summary>A function that is asked what shall happen after a request that could not be served.</summary>
/// <remarks>
/// It is told the size and alignment, and may free memory first. It runs on the thread that made the
/// request, on several at once where the allocator serves several. As long as it answers <see
/// cref="FailureResponse.Retry"/> it is asked again, so it must give up when it has nothing more to free.
/// </remarks>
public readonly unsafe partial struct FailureHook
{
    private readonly delegate*<void*, Layout, FailureResponse> _function;
    private readonly void* _context;

    /// <summary>A hook that calls a function.</summary>
    /// <param name="function">The function; it must not throw.</param>
    /// <param name="context">What it gets as its first argument.</param>
    public FailureHook(delegate*<void*, Layout, FailureResponse> function, void* context)
    {
        _function = function;
        _context = context;
    }

    /// <summary>A hook that writes <c>memory allocation of N bytes failed</c> to standard error.</summary>
    public static FailureHook Report => new(&AnswerReport, null);

    /// <summary>A hook that writes the same, and ends the process by SIGABRT.</summary>
    public static FailureHook Abort => new(&AnswerAbort, null);

    /// <summary>Whether this is the default value: requests just fail.</summary>
    public bool IsDefault => _function == null;

    /// <summary>Asks the function, and does what it answers.</summary>
    /// <returns>Whether to make the request again.</returns>
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
