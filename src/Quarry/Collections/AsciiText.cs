using System;
using System.Buffers;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using System.Text;

namespace Quarry;

/// <summary>Converts ASCII text to bytes.</summary>
/// <remarks>
/// The runtime's conversion is made for long text. Here, short text is read in pieces of a fixed size, the
/// last of which overlaps the one before as a rule: a few bytes that are written twice cost less than a loop
/// for the rest.
/// </remarks>
internal static unsafe class AsciiText
{
    // Where the runtime's conversion, by wider vectors, becomes faster.
    private const int MaxShort = 128;

    // The bits that are clear in every ASCII character.
    private const ushort NonAscii = 0xFF80;

    /// <summary>Converts text to as many bytes, if all of it is ASCII.</summary>
    /// <param name="text">The text.</param>
    /// <param name="bytes">Receives the bytes, or some of them if the text is not ASCII.</param>
    /// <returns>False if some of the text is not ASCII.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static bool TryConvert(ReadOnlySpan<char> text, byte* bytes)
    {
        ref ushort first = ref Unsafe.As<char, ushort>(ref MemoryMarshal.GetReference(text));
        nuint length = (nuint)text.Length;
        if (length > MaxShort)
        {
            return Ascii.FromUtf16(text, new Span<byte>(bytes, text.Length), out _) == OperationStatus.Done;
        }

        if (length < 16)
        {
            return TryConvertShort(ref first, bytes, length);
        }

        nuint last = length - 16;
        for (nuint index = 0; index < last; index += 16)
        {
            if (!TryConvert16(ref first, bytes, index))
            {
                return false;
            }
        }

        return TryConvert16(ref first, bytes, last);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool TryConvertShort(ref ushort first, byte* bytes, nuint length)
    {
        if (length >= 8)
        {
            return TryConvert8(ref first, bytes, length - 8);
        }

        return length >= 4
            ? TryConvert4(ref first, bytes, length - 4)
            : TryConvertEach(ref first, bytes, length);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool TryConvert16(ref ushort first, byte* bytes, nuint index)
    {
        var lower = Vector128.LoadUnsafe(ref first, index);
        var upper = Vector128.LoadUnsafe(ref first, index + 8);
        bool isAscii = IsAscii(lower | upper);
        if (isAscii)
        {
            Narrow(lower, upper).Store(bytes + index);
        }

        return isAscii;
    }

    // The first eight characters, and those from the index on.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool TryConvert8(ref ushort first, byte* bytes, nuint index)
    {
        var lower = Vector128.LoadUnsafe(ref first);
        var upper = Vector128.LoadUnsafe(ref first, index);
        bool isAscii = IsAscii(lower | upper);
        if (isAscii)
        {
            Vector128<ulong> narrow = Narrow(lower, upper).AsUInt64();
            *(ulong*)bytes = narrow[0];
            *(ulong*)(bytes + index) = narrow[1];
        }

        return isAscii;
    }

    // The first four characters, and those from the index on.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool TryConvert4(ref ushort first, byte* bytes, nuint index)
    {
        ulong lower = FourFrom(ref first, 0), upper = FourFrom(ref first, index);
        Vector128<ushort> both = Vector128.Create(lower, upper).AsUInt16();
        bool isAscii = IsAscii(both);
        if (isAscii)
        {
            Vector128<uint> narrow = Narrow(both, both).AsUInt32();
            *(uint*)bytes = narrow[0];
            *(uint*)(bytes + index) = narrow[1];
        }

        return isAscii;
    }

    private static bool TryConvertEach(ref ushort first, byte* bytes, nuint length)
    {
        for (nuint index = 0; index < length; index++)
        {
            ushort unit = Unsafe.Add(ref first, index);
            if ((unit & NonAscii) != 0)
            {
                return false;
            }

            bytes[index] = (byte)unit;
        }

        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong FourFrom(ref ushort first, nuint index) =>
        Unsafe.ReadUnaligned<ulong>(ref Unsafe.As<ushort, byte>(ref Unsafe.Add(ref first, index)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool IsAscii(Vector128<ushort> units) =>
        (units & Vector128.Create(NonAscii)) == Vector128<ushort>.Zero;

    // The units are ASCII, so saturation changes none; the portable method would mask them first.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<byte> Narrow(Vector128<ushort> lower, Vector128<ushort> upper) =>
        Sse2.IsSupported
        ? Sse2.PackUnsignedSaturate(lower.AsInt16(), upper.AsInt16())
        : Vector128.Narrow(lower, upper);
}
