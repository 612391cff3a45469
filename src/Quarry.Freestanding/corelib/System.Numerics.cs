// Bit operations in the baseline instruction set of each architecture: BSR, BSF and POPCNT on x64.

using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace System.Numerics;

public static class BitOperations
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool IsPow2(int value) => (value & (value - 1)) == 0 && value > 0;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool IsPow2(uint value) => (value & (value - 1)) == 0 && value != 0;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool IsPow2(long value) => (value & (value - 1)) == 0 && value > 0;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool IsPow2(ulong value) => (value & (value - 1)) == 0 && value != 0;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool IsPow2(nint value) => (value & (value - 1)) == 0 && value > 0;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool IsPow2(nuint value) => (value & (value - 1)) == 0 && value != 0;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Log2(uint value) => X86Base.IsSupported
        ? (int)X86Base.BitScanReverse(value | 1)
        : 31 ^ ArmBase.LeadingZeroCount(value | 1);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Log2(ulong value) => X86Base.IsSupported
        ? (int)X86Base.X64.BitScanReverse(value | 1)
        : 63 ^ ArmBase.Arm64.LeadingZeroCount(value | 1);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Log2(nuint value) => Log2((ulong)value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int LeadingZeroCount(uint value)
    {
        if (!X86Base.IsSupported)
        {
            return ArmBase.LeadingZeroCount(value);
        }

        // The result of BSR and BSF is undefined for 0.
        return value == 0 ? 32 : 31 ^ (int)X86Base.BitScanReverse(value);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int LeadingZeroCount(ulong value)
    {
        if (!X86Base.IsSupported)
        {
            return ArmBase.Arm64.LeadingZeroCount(value);
        }

        return value == 0 ? 64 : 63 ^ (int)X86Base.X64.BitScanReverse(value);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int LeadingZeroCount(nuint value) => LeadingZeroCount((ulong)value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int TrailingZeroCount(int value) => TrailingZeroCount((uint)value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int TrailingZeroCount(uint value)
    {
        if (!X86Base.IsSupported)
        {
            return ArmBase.LeadingZeroCount(ArmBase.ReverseElementBits(value));
        }

        return value == 0 ? 32 : (int)X86Base.BitScanForward(value);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int TrailingZeroCount(long value) => TrailingZeroCount((ulong)value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int TrailingZeroCount(ulong value)
    {
        if (!X86Base.IsSupported)
        {
            return ArmBase.Arm64.LeadingZeroCount(ArmBase.Arm64.ReverseElementBits(value));
        }

        return value == 0 ? 64 : (int)X86Base.X64.BitScanForward(value);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int TrailingZeroCount(nint value) => TrailingZeroCount((ulong)value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int TrailingZeroCount(nuint value) => TrailingZeroCount((ulong)value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int PopCount(uint value) =>
        Popcnt.IsSupported ? (int)Popcnt.PopCount(value) : PopCount((ulong)value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int PopCount(ulong value)
    {
        if (Popcnt.IsSupported)
        {
            return (int)Popcnt.X64.PopCount(value);
        }

        // Sums of 2, of 4 and of 8 bits; the product adds all bytes in its highest byte.
        value -= (value >> 1) & 0x5555_5555_5555_5555;
        value = (value & 0x3333_3333_3333_3333) + ((value >> 2) & 0x3333_3333_3333_3333);
        value = (value + (value >> 4)) & 0x0F0F_0F0F_0F0F_0F0F;
        return (int)((value * 0x0101_0101_0101_0101) >> 56);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int PopCount(nuint value) => PopCount((ulong)value);

    // As in .NET, the result is 0 for 0 and where the power of two does not fit.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint RoundUpToPowerOf2(uint value)
    {
        int shift = 32 - LeadingZeroCount(value - 1);
        return shift == 32 ? 0 : 1u << shift;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong RoundUpToPowerOf2(ulong value)
    {
        int shift = 64 - LeadingZeroCount(value - 1);
        return shift == 64 ? 0 : 1ul << shift;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static nuint RoundUpToPowerOf2(nuint value) => (nuint)RoundUpToPowerOf2((ulong)value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint RotateLeft(uint value, int offset) => (value << offset) | (value >> (32 - offset));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong RotateLeft(ulong value, int offset) => (value << offset) | (value >> (64 - offset));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint RotateRight(uint value, int offset) => (value >> offset) | (value << (32 - offset));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong RotateRight(ulong value, int offset) => (value >> offset) | (value << (64 - offset));
}
