namespace Quarry;

/// <summary>The position of a walk: a frame, and the memory for addresses.</summary>
internal unsafe struct StackCursor
{
    /// <summary>The return address into the frame.</summary>
    public nuint Address;

    /// <summary>The stack pointer in the frame.</summary>
    public nuint StackPointer;

    /// <summary>The frame pointer register in the frame.</summary>
    public nuint FramePointer;

    /// <summary>The stack that contains the stack pointer.</summary>
    public StackBounds Stack;

    /// <summary>The place of the next address.</summary>
    public nuint* Next;

    /// <summary>The address behind the memory for addresses.</summary>
    public nuint* Limit;

    /// <summary>The number of times that the walk may still go to another stack.</summary>
    public int StackSwitches;

    /// <summary>Whether all frames so far were the host's own.</summary>
    public bool IsOwn;

    /// <summary>
    /// Whether a signal interrupted the frame, which may not have set its frame pointer yet.
    /// </summary>
    public bool IsInterrupted;

    /// <summary>
    /// Whether a frame pointer was only assumed in a frame before. The address may be an arbitrary word then,
    /// so the code before it is not read.
    /// </summary>
    public bool IsUncertain;
}
