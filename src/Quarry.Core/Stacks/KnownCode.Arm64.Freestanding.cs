namespace Quarry;

/// <summary>No code is recognized, as no stack is walked; see <see cref="UnwindRegisters"/>.</summary>
internal static class KnownCode
{
    internal static bool IsSignalReturn(TableReader code) => false;

    internal static bool IsContextStart(TableReader code) => false;
}
