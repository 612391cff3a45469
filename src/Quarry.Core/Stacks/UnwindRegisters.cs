namespace Quarry;

/// <summary>The registers of a frame from which a walk begins or continues.</summary>
/// <remarks>The assembly shim stores the fields in this order.</remarks>
internal partial struct UnwindRegisters
{
    /// <summary>
    /// The return address into the frame: the instruction before it is the one that is executing.
    /// </summary>
    public nuint Address;

    /// <summary>The stack pointer after the return.</summary>
    public nuint StackPointer;

    /// <summary>The frame pointer register after the return.</summary>
    public nuint FramePointer;
}
