using System.Runtime;
using System.Runtime.CompilerServices;

namespace Quarry;

/// <content>x64.</content>
internal partial struct UnwindRegisters
{
    /// <summary>Stores the registers of the method that calls this one.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static unsafe bool TryCapture(UnwindRegisters* registers)
    {
        Capture(registers);
        return true;
    }

    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", "quarry_registers")]
    private static extern unsafe void Capture(UnwindRegisters* registers);
}
