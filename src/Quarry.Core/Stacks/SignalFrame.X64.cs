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

    // The error code of a fault follows two registers of segments and flags; its bit 1 marks a write.
    private const nuint ErrorOffset = RegistersOffset + ((RegisterCount + 2) * RegisterBytes);
    private const ulong WriteBit = 2;

    /// <summary>Reads whether the access that faulted was a write.</summary>
    /// <param name="context">The <c>ucontext_t</c> that the kernel passes to a handler.</param>
    /// <param name="writes">Whether it was a write.</param>
    /// <returns>False if the processor does not tell.</returns>
    internal static bool TryReadAccess(void* context, out bool writes)
    {
        writes = (*(ulong*)((byte*)context + ErrorOffset) & WriteBit) != 0;
        return true;
    }

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
