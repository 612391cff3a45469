namespace Quarry;

/// <summary>Reads the registers that the kernel saved when it called a signal handler.</summary>
internal static unsafe class SignalFrame
{
    /// <summary>
    /// The number of bytes below the stack pointer that a signal leaves intact. A frame that was interrupted
    /// while it returned has its saved registers there: unwind information does not describe each pop.
    /// </summary>
    internal const int RedZoneBytes = 128;

    // When the handler has returned, the stack pointer is the address of a ucontext, whose registers follow
    // flags, a link and a stack_t: r8 to r15, rdi, rsi, rbp, rbx, rdx, rax, rcx, rsp, rip.
    private const nuint RegistersOffset = 40, RegisterBytes = 8, RegisterCount = 17;
    private const int FramePointer = 10, StackPointer = 15, InstructionPointer = 16;

    /// <summary>Reads the registers of the interrupted frame.</summary>
    /// <param name="stackPointer">The stack pointer behind the handler.</param>
    /// <param name="high">The address behind the stack.</param>
    /// <param name="registers">
    /// The registers. The address is that of the interrupted instruction plus 1, as if it were a return
    /// address.
    /// </param>
    /// <returns>False if the registers do not lie in the stack.</returns>
    internal static bool TryRead(nuint stackPointer, nuint high, out UnwindRegisters registers)
    {
        registers = default;
        if (high - stackPointer < RegistersOffset + (RegisterCount * RegisterBytes))
        {
            return false;
        }

        nuint* saved = (nuint*)(stackPointer + RegistersOffset);
        registers.Address = saved[InstructionPointer] + 1;
        registers.StackPointer = saved[StackPointer];
        registers.FramePointer = saved[FramePointer];
        return true;
    }
}
