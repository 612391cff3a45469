namespace Quarry;

/// <summary>Captures the call stack of the caller of the heap.</summary>
internal static unsafe class StackCapture
{
    /// <summary>Captures the stack of the calling thread, without the frames of this image.</summary>
    /// <param name="walker">The walker.</param>
    /// <param name="last">
    /// The last stack of the thread, if it keeps one: the stack is to be left by
    /// <see cref="CallStack.Leave"/>.
    /// </param>
    /// <param name="stack">The stack.</param>
    /// <param name="kind">The kind of the site.</param>
    internal static void Capture(
        StackWalker* walker, LastStack* last, CallStack* stack, ProfileStackFlags kind)
    {
        stack->Flags = kind;
        stack->Last = null;
        if (last != null && last->TryEnter())
        {
            if (StackWalker.TryRepeat(walker, last))
            {
                CallStack.Use(stack, last);
                return;
            }

            last->Refuse();
        }

        stack->Depth = StackWalker.Walk(
            walker, (nuint*)stack->Addresses, CallStack.MaxDepth, out StackEnd end);
        stack->Flags |= end switch
        {
            StackEnd.Complete => ProfileStackFlags.None,
            StackEnd.Truncated => ProfileStackFlags.Truncated,
            _ => ProfileStackFlags.Incomplete,
        };
        CallStack.ComputeHash(stack);
    }
}
