namespace Quarry;

/// <summary>The way in which the walk of a stack ended.</summary>
internal enum StackEnd
{
    /// <summary>
    /// The walk could not determine the next frame: code without usable unwind information, or a damaged
    /// stack. The addresses up to there are valid.
    /// </summary>
    Broken,

    /// <summary>The caller's memory holds no more addresses; the outermost frames are missing.</summary>
    Truncated,

    /// <summary>
    /// The walk reached the start of the thread or coroutine, such as <c>_start</c> or <c>clone3</c>.
    /// </summary>
    Complete,
}
