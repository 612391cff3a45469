// Single instructions of the x64 baseline, by their .NET names. A member that calls itself is expanded by the
// JIT.

using System.Runtime.CompilerServices;

namespace System.Runtime.Intrinsics.X86;

[Intrinsic]
public abstract class X86Base
{
    [Intrinsic]
    public abstract class X64
    {
        internal static ulong BitScanForward(ulong value) => BitScanForward(value);

        internal static ulong BitScanReverse(ulong value) => BitScanReverse(value);
    }

    public static bool IsSupported => IsSupported;

    public static void Pause() => Pause();

    internal static uint BitScanForward(uint value) => BitScanForward(value);

    internal static uint BitScanReverse(uint value) => BitScanReverse(value);
}

[Intrinsic]
public abstract class Popcnt
{
    [Intrinsic]
    public abstract class X64
    {
        public static ulong PopCount(ulong value) => PopCount(value);
    }

    public static bool IsSupported => IsSupported;

    public static uint PopCount(uint value) => PopCount(value);
}

[Intrinsic]
public abstract unsafe class Sse : X86Base
{
    public static new bool IsSupported => IsSupported;

    public static void Prefetch0(void* address) => Prefetch0(address);
}
