namespace Quarry;

/// <summary>
/// The ways to find the caller of a frame. The CFA is the value of the stack pointer before the call.
/// </summary>
internal enum RuleKind
{
    /// <summary>The frame cannot be unwound.</summary>
    Broken,

    /// <summary>The CFA is at an offset from the stack pointer.</summary>
    StackPointer,

    /// <summary>The CFA is at an offset from the frame pointer.</summary>
    FramePointer,

    /// <summary>
    /// Compiled outside of modules, by a JIT, with a frame pointer: two words above it is the CFA.
    /// </summary>
    Frame,

    /// <summary>
    /// The CFA is stored at an offset from the frame pointer, and so is the caller's frame pointer: frames
    /// that a compiler realigns.
    /// </summary>
    Realigned,

    /// <summary>
    /// Code of a module without unwind information, which may have a frame pointer. It may as well use the
    /// register for something else, so the frames above are uncertain.
    /// </summary>
    AssumedFrame,

    /// <summary>The return of a signal handler, with the registers of the interrupted frame.</summary>
    Signal,

    /// <summary>The outermost frame.</summary>
    End,
}
