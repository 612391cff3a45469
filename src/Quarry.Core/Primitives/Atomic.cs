using System.Runtime.CompilerServices;
using System.Threading;

namespace Quarry;

/// <summary>
/// Atomic operations on words, with the orderings of <see cref="Interlocked"/>: full fences.
/// </summary>
internal static unsafe class Atomic
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static nuint Read(ref nuint location) => Volatile.Read(ref location);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static ulong Read(ref ulong location) => Volatile.Read(ref location);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static uint Read(ref uint location) => Volatile.Read(ref location);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void Write(ref nuint location, nuint value) => Volatile.Write(ref location, value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static bool TryReplace(ref nuint location, nuint expected, nuint value) =>
        Interlocked.CompareExchange(ref location, value, expected) == expected;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static bool TryReplace(ref ulong location, ulong expected, ulong value) =>
        Interlocked.CompareExchange(ref location, value, expected) == expected;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static nuint Exchange(ref nuint location, nuint value) =>
        Interlocked.Exchange(ref location, value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static uint Exchange(ref uint location, uint value) => Interlocked.Exchange(ref location, value);

    /// <summary>Adds and returns the sum.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static nuint Add(ref nuint location, nuint value) =>
        (nuint)Interlocked.Add(ref Unsafe.As<nuint, ulong>(ref location), (ulong)value);

    /// <summary>Subtracts and returns the difference.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static nuint Subtract(ref nuint location, nuint value) => Add(ref location, 0 - value);

    internal static void Set(ref ulong location, ulong bits) => _ = Interlocked.Or(ref location, bits);

    internal static void Clear(ref ulong location, ulong bits) => _ = Interlocked.And(ref location, ~bits);

    /// <summary>Raises the word to <paramref name="value"/> unless it is that high already.</summary>
    internal static void Raise(ref nuint location, nuint value)
    {
        nuint seen = Read(ref location);
        while (seen < value && !TryReplace(ref location, seen, value))
        {
            seen = Read(ref location);
        }
    }
}
