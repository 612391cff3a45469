using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;
using System.Threading;

namespace Quarry;

/// <summary>Provides atomic operations on words.</summary>
/// <remarks>
/// <see cref="Read(ref nuint)"/> acquires and <see cref="Write"/> releases: a thread that reads a value sees
/// everything its writer wrote before it. A read may be reordered before an earlier write to another word.
/// All other operations are full fences, as those of <see cref="Interlocked"/> are, except a
/// <see cref="Raise"/> that writes nothing.
/// </remarks>
internal static unsafe class Atomic
{
    /// <summary>
    /// Determines whether plain stores become visible to other threads in program order, which x64
    /// guarantees.
    /// </summary>
    internal static bool StoresAreOrdered
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => X86Base.IsSupported;
    }

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
    internal static bool TryReplace(ref uint location, uint expected, uint value) =>
        Interlocked.CompareExchange(ref location, value, expected) == expected;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static nuint Exchange(ref nuint location, nuint value) =>
        Interlocked.Exchange(ref location, value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static uint Exchange(ref uint location, uint value) => Interlocked.Exchange(ref location, value);

    /// <summary>Adds to a word and returns the sum.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static nuint Add(ref nuint location, nuint value) =>
        (nuint)Interlocked.Add(ref Unsafe.As<nuint, ulong>(ref location), (ulong)value);

    /// <inheritdoc cref="Add(ref nuint, nuint)"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static ulong Add(ref ulong location, ulong value) => Interlocked.Add(ref location, value);

    /// <summary>Subtracts from a word and returns the difference.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static nuint Subtract(ref nuint location, nuint value) => Add(ref location, 0 - value);

    internal static void Set(ref ulong location, ulong bits) => _ = Interlocked.Or(ref location, bits);

    internal static void Clear(ref ulong location, ulong bits) => _ = Interlocked.And(ref location, ~bits);

    /// <summary>Raises a word to <paramref name="value"/>, unless the word is at least as large.</summary>
    internal static void Raise(ref nuint location, nuint value)
    {
        nuint seen = Read(ref location);
        while (seen < value && !TryReplace(ref location, seen, value))
        {
            seen = Read(ref location);
        }
    }
}
