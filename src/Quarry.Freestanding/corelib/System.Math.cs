// Arithmetic under its .NET names.

namespace System;

public static class Math
{
    public static int Min(int val1, int val2) => val1 <= val2 ? val1 : val2;

    public static uint Min(uint val1, uint val2) => val1 <= val2 ? val1 : val2;

    public static long Min(long val1, long val2) => val1 <= val2 ? val1 : val2;

    public static ulong Min(ulong val1, ulong val2) => val1 <= val2 ? val1 : val2;

    public static nint Min(nint val1, nint val2) => val1 <= val2 ? val1 : val2;

    public static nuint Min(nuint val1, nuint val2) => val1 <= val2 ? val1 : val2;

    public static int Max(int val1, int val2) => val1 >= val2 ? val1 : val2;

    public static uint Max(uint val1, uint val2) => val1 >= val2 ? val1 : val2;

    public static long Max(long val1, long val2) => val1 >= val2 ? val1 : val2;

    public static ulong Max(ulong val1, ulong val2) => val1 >= val2 ? val1 : val2;

    public static nint Max(nint val1, nint val2) => val1 >= val2 ? val1 : val2;

    public static nuint Max(nuint val1, nuint val2) => val1 >= val2 ? val1 : val2;

    // Four products of halves: the JIT has no 128-bit product in the baseline instruction set.
    public static ulong BigMul(ulong a, ulong b, out ulong low)
    {
        ulong lowLow = (a & uint.MaxValue) * (b & uint.MaxValue);
        ulong middle = ((a >> 32) * (b & uint.MaxValue)) + (lowLow >> 32);
        ulong middleLow = ((a & uint.MaxValue) * (b >> 32)) + (middle & uint.MaxValue);

        low = (middleLow << 32) | (lowLow & uint.MaxValue);
        return ((a >> 32) * (b >> 32)) + (middle >> 32) + (middleLow >> 32);
    }
}
