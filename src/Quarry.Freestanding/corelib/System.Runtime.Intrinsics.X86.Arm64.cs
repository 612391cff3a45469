// The instructions of x64 on arm64, where the JIT does not know these classes: none is supported, and the
// code behind IsSupported is dropped.

using Internal.Runtime.CompilerHelpers;

namespace System.Runtime.Intrinsics.X86;

public abstract class X86Base
{
    public abstract class X64
    {
        internal static ulong BitScanForward(ulong value) => Missing.Instruction();

        internal static ulong BitScanReverse(ulong value) => Missing.Instruction();
    }

    public static bool IsSupported => false;

    public static void Pause() => _ = Missing.Instruction();

    internal static uint BitScanForward(uint value) => (uint)Missing.Instruction();

    internal static uint BitScanReverse(uint value) => (uint)Missing.Instruction();
}

public abstract class Popcnt
{
    public abstract class X64
    {
        public static ulong PopCount(ulong value) => Missing.Instruction();
    }

    public static bool IsSupported => false;

    public static uint PopCount(uint value) => (uint)Missing.Instruction();
}

public abstract unsafe class Sse : X86Base
{
    public static new bool IsSupported => false;

    public static void Prefetch0(void* address) => _ = Missing.Instruction();
}

internal static class Missing
{
    internal static ulong Instruction()
    {
        ThrowHelpers.ThrowPlatformNotSupportedException();
        return 0;
    }
}
