namespace Quarry;

/// <content>Arm64, where stacks are not walked yet.</content>
internal partial struct UnwindRegisters
{
    internal static unsafe bool TryCapture(UnwindRegisters* registers)
    {
        *registers = default;
        return false;
    }
}
