namespace Quarry;

/// <summary>Captures the call stack of the caller of the heap.</summary>
internal static unsafe class StackCapture
{
    /// <summary>Captures the stack of the calling thread, without the frames of this image.</summary>
    internal static void Capture(CallStack* stack, ProfileStackFlags kind)
    {
        stack->Flags = kind | ProfileStackFlags.Incomplete;
        stack->Depth = StackWalker.Walk(FramePointer(), (nuint*)stack->Addresses, CallStack.MaxDepth);
        CallStack.ComputeHash(stack);
    }

    [System.Runtime.CompilerServices.MethodImpl(System.Runtime.CompilerServices.MethodImplOptions.InternalCall)]
    [System.Runtime.RuntimeImport("*", "quarry_frame_pointer")]
    private static extern nuint* FramePointer();
}
