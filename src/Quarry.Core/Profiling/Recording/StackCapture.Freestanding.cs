namespace Quarry;

/// <summary>Captures the call stack of the caller of the heap.</summary>
internal static unsafe class StackCapture
{
    /// <summary>Captures the stack of the calling thread, without the frames of this image.</summary>
    internal static void Capture(StackWalker* walker, CallStack* stack, ProfileStackFlags kind)
    {
        stack->Depth = StackWalker.Walk(
            walker, (nuint*)stack->Addresses, CallStack.MaxDepth, out StackEnd end);
        stack->Flags = kind | end switch
        {
            StackEnd.Complete => ProfileStackFlags.None,
            StackEnd.Truncated => ProfileStackFlags.Truncated,
            _ => ProfileStackFlags.Incomplete,
        };
        CallStack.ComputeHash(stack);
    }
}
