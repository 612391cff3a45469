namespace Quarry;

/// <summary>The numbers of registers in unwind information.</summary>
internal static class DwarfRegister
{
    internal const ulong FramePointer = 6, StackPointer = 7;
}
