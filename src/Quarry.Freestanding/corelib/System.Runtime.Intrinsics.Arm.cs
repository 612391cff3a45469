// Single instructions of the arm64 baseline, by their .NET names. A member that calls itself is expanded by
// the JIT. Callers ask for the instructions of x64 first, so that none of these is compiled there.

using System.Runtime.CompilerServices;

namespace System.Runtime.Intrinsics.Arm;

[Intrinsic]
public abstract class ArmBase
{
    [Intrinsic]
    public abstract class Arm64
    {
        public static int LeadingZeroCount(ulong value) => LeadingZeroCount(value);

        public static ulong ReverseElementBits(ulong value) => ReverseElementBits(value);
    }

    public static bool IsSupported => IsSupported;

    public static int LeadingZeroCount(uint value) => LeadingZeroCount(value);

    public static uint ReverseElementBits(uint value) => ReverseElementBits(value);

    public static void Yield() => Yield();
}
