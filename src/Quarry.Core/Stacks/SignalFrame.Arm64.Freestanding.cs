namespace Quarry;

/// <summary>
/// No frames of signals are read, as no stack is walked; see <see cref="UnwindRegisters"/>.
/// </summary>
internal static unsafe class SignalFrame
{
    internal const int RedZoneBytes = 0;

    internal static bool TryReadAccess(void* context, out bool writes)
    {
        writes = false;
        return false;
    }

    internal static bool TryRead(nuint stackPointer, nuint high, out UnwindRegisters registers)
    {
        registers = default;
        return false;
    }
}
