using System;
using System.Numerics;
using System.Runtime;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Threading;

namespace Quarry.Freestanding.Tests;

/// <summary>
/// One small method per language feature and core library member that images use. Compiled into an image and
/// into the tests, which compare the results.
/// </summary>
internal static unsafe class Features
{
    internal const int PlacedOffset = 40;

    private static Buffer s_buffer;

    [RuntimeExport("checked_arithmetic")]
    public static nuint CheckedArithmetic(nuint a, nuint b) => checked(((a & 0xFFFF) * (b & 0xFFFF)) + 1);

    [RuntimeExport("division")]
    public static nuint Division(nuint a, nuint b) =>
        b == 0 ? 0 : (a / b) ^ (a % b) ^ (nuint)((nint)a / ((nint)(b >> 1) + 1));

    [RuntimeExport("big_multiply")]
    public static nuint BigMultiply(nuint a, nuint b) => (nuint)(Math.BigMul(a, b, out ulong low) ^ low);

    [RuntimeExport("min_max")]
    public static nuint MinMax(nuint a, nuint b) =>
        Math.Min(a, b) ^ (nuint)Math.Max((nint)a, (nint)b) ^ (nuint)Math.Min((int)a, (int)b);

    [RuntimeExport("log2")]
    public static nuint Log2(nuint a, nuint b) =>
        (nuint)(BitOperations.Log2(a) + (64 * BitOperations.Log2((uint)b)));

    [RuntimeExport("leading_zeros")]
    public static nuint LeadingZeros(nuint a, nuint b) =>
        (nuint)(BitOperations.LeadingZeroCount(a) + (100 * BitOperations.LeadingZeroCount((uint)b)));

    [RuntimeExport("trailing_zeros")]
    public static nuint TrailingZeros(nuint a, nuint b) =>
        (nuint)(BitOperations.TrailingZeroCount(a) + (100 * BitOperations.TrailingZeroCount((uint)b)));

    [RuntimeExport("population")]
    public static nuint Population(nuint a, nuint b) =>
        (nuint)(BitOperations.PopCount(a) + (100 * BitOperations.PopCount((uint)b)));

    [RuntimeExport("rotation")]
    public static nuint Rotation(nuint a, nuint b) =>
        (nuint)BitOperations.RotateLeft((ulong)a, (int)b & 63)
        ^ BitOperations.RotateRight((uint)a, (int)b & 31);

    [RuntimeExport("powers_of_two")]
    public static nuint PowersOfTwo(nuint a, nuint b) =>
        BitOperations.RoundUpToPowerOf2(a) ^ BitOperations.RoundUpToPowerOf2((uint)b)
        ^ (BitOperations.IsPow2(a) ? (nuint)1 : 0);

    [RuntimeExport("interlocked_words")]
    public static nuint InterlockedWords(nuint a, nuint b)
    {
        nuint word = a;
        nuint answer = Interlocked.CompareExchange(ref word, b, a);
        answer ^= Interlocked.CompareExchange(ref word, a, a + 1);
        answer ^= Interlocked.Exchange(ref word, a ^ b);
        ulong wide = word;
        answer ^= (nuint)Interlocked.Add(ref wide, b);
        answer ^= (nuint)Interlocked.And(ref wide, a);
        answer ^= (nuint)Interlocked.Or(ref wide, b);
        Interlocked.And(ref wide, ~(ulong)3);
        Interlocked.Or(ref wide, 1);
        return answer ^ (nuint)(Interlocked.Increment(ref wide) + Interlocked.Decrement(ref wide));
    }

    [RuntimeExport("interlocked_halves")]
    public static nuint InterlockedHalves(nuint a, nuint b)
    {
        uint half = (uint)a;
        uint answer = Interlocked.CompareExchange(ref half, (uint)b, (uint)a);
        answer ^= Interlocked.Exchange(ref half, 7);
        answer ^= Interlocked.Add(ref half, (uint)b) ^ Interlocked.And(ref half, (uint)a);
        int signed = (int)half;
        signed ^= Interlocked.Increment(ref signed) ^ Interlocked.Decrement(ref signed);
        Interlocked.MemoryBarrier();
        return answer ^ (uint)Interlocked.Or(ref signed, 5);
    }

    [RuntimeExport("interlocked_pointers")]
    public static nuint InterlockedPointers(nuint a, nuint b)
    {
        void* pointer = (void*)a;
        nint seen = Interlocked.CompareExchange(ref *(nint*)&pointer, (nint)b, (nint)a);
        return (nuint)seen ^ (nuint)Volatile.Read(ref *(nint*)&pointer);
    }

    [RuntimeExport("volatile_access")]
    public static nuint VolatileAccess(nuint a, nuint b)
    {
        bool flag = false;
        byte small = 0;
        int half = 0;
        nuint word = 0;
        Volatile.Write(ref flag, a < b);
        Volatile.Write(ref small, (byte)a);
        Volatile.Write(ref half, (int)b);
        Volatile.Write(ref word, a + b);
        return (Volatile.Read(ref flag) ? (nuint)1 : 0) + Volatile.Read(ref small)
            + (nuint)Volatile.Read(ref half) + Volatile.Read(ref word);
    }

    [RuntimeExport("utf8_literal")]
    public static nuint Utf8Literal(nuint a, nuint b)
    {
        ReadOnlySpan<byte> text = "Grüße\0!"u8;
        return text[(int)(a % (nuint)text.Length)] + ((nuint)text.Length << 8);
    }

    [RuntimeExport("text_comparison")]
    public static nuint TextComparison(nuint a, nuint b)
    {
        ReadOnlySpan<byte> text = "abracadabra"u8, other = "abrakadabra"u8;
        ReadOnlySpan<byte> part = text.Slice((int)(a % 8), (int)(b % 4));
        ReadOnlySpan<byte> start = other.Slice(0, (int)(a % 12));
        return (text.Slice((int)(b % 9)).StartsWith(part) ? (nuint)1 : 0)
            | (text.StartsWith(start) ? (nuint)2 : 0)
            | (text.SequenceEqual(start) ? (nuint)4 : 0)
            | (part.SequenceEqual(text.Slice((int)(b % 8), part.Length)) ? (nuint)8 : 0)
            | (text.StartsWith("abracadabra!"u8) ? (nuint)16 : 0);
    }

    [RuntimeExport("text_search")]
    public static nuint TextSearch(nuint a, nuint b)
    {
        ReadOnlySpan<byte> text = "abracadabra"u8;
        ReadOnlySpan<byte> part = text.Slice((int)(a % 8), (int)(b % 4));
        ReadOnlySpan<byte> rest = text.Slice((int)(b % 12));
        return (nuint)(rest.IndexOf((byte)('a' + (a % 6))) + (100 * (rest.IndexOf(part) + 1))
            + (10_000 * (text.IndexOf("cadabra!"u8) + 1)));
    }

    [RuntimeExport("string_literal")]
    public static nuint StringLiteral(nuint a, nuint b)
    {
        const string Text = "quarry";
        fixed (char* first = Text)
        {
            return first[a % 6] + ((nuint)Text[(int)(b % 6)] << 16) + (nuint)Text.Length;
        }
    }

    [RuntimeExport("constant_table")]
    public static nuint ConstantTable(nuint a, nuint b)
    {
        ReadOnlySpan<uint> table = [2, 3, 5, 7, 11, 13, 1_000_003];
        uint sum = 0;
        foreach (uint prime in table.Slice((int)(b % 7)))
        {
            sum += prime;
        }

        return table[(int)(a % 7)] * (nuint)sum;
    }

    [RuntimeExport("stack_span")]
    [SkipLocalsInit]
    public static nuint StackSpan(nuint a, nuint b)
    {
        Span<nuint> cells = stackalloc nuint[32];
        foreach (ref nuint cell in cells)
        {
            cell = a;
            a = (a * 31) + b;
        }

        fixed (nuint* first = cells)
        {
            return first[b % 32] ^ cells.Slice(3, 4)[(int)(a % 4)];
        }
    }

    [RuntimeExport("fixed_buffer")]
    public static nuint FixedBuffer(nuint a, nuint b)
    {
        Cells cells = default;
        cells.Values[a % 8] = (long)b;
        Cells copy = cells;
        return (nuint)(copy.Values[b % 8] + copy.Values[a % 8]);
    }

    [RuntimeExport("inline_array")]
    public static nuint InlineArray(nuint a, nuint b)
    {
        Eight eight = default;
        eight[(int)(a % 8)] = b;
        Span<nuint> all = eight;
        return all[(int)(b % 8)] + eight[(int)(a % 8)];
    }

    [RuntimeExport("generic_constraint")]
    public static nuint GenericConstraint(nuint a, nuint b) => Measure<Twice>(a) + Measure<Offset<Twice>>(b);

    [RuntimeExport("function_pointer")]
    public static nuint FunctionPointer(nuint a, nuint b)
    {
        delegate*<nuint, nuint, nuint> function = a < b ? &Division : &Rotation;
        return function(a, b);
    }

    [RuntimeExport("try_finally")]
    public static nuint TryFinally(nuint a, nuint b)
    {
        nuint answer = a;
        try
        {
            if (a > b)
            {
                return answer;
            }

            answer += b;
        }
        finally
        {
            s_buffer.Bytes[0] = (byte)a;
        }

        return answer + s_buffer.Bytes[0];
    }

    [RuntimeExport("using_struct")]
    public static nuint UsingStruct(nuint a, nuint b)
    {
        nuint answer = a;
        using (new Adder(&answer, b))
        {
            answer ^= b;
        }

        return answer;
    }

    [RuntimeExport("switch_table")]
    public static nuint SwitchTable(nuint a, nuint b) => (a % 8) switch
    {
        0 => b,
        1 => b + 77,
        2 => b * 3,
        3 => ~b,
        4 => b >> 5,
        5 => 13,
        _ => a,
    };

    [RuntimeExport("nullable")]
    public static nuint Nullable(nuint a, nuint b)
    {
        nuint? maybe = a > b ? a : null;
        return maybe.HasValue ? maybe.Value : b + (maybe ?? 5);
    }

    [RuntimeExport("tuple")]
    public static nuint Tuple(nuint a, nuint b)
    {
        (nuint high, nuint low) = Sorted(a, b);
        return (high * 3) + low;
    }

    [RuntimeExport("unsafe_access")]
    public static nuint UnsafeAccess(nuint a, nuint b)
    {
        byte* bytes = stackalloc byte[24];
        Unsafe.InitBlockUnaligned(bytes, (byte)b, 24);
        Unsafe.WriteUnaligned(bytes + 3, a);
        Unsafe.CopyBlockUnaligned(bytes + 11, bytes + 3, 8);
        ref nuint first = ref Unsafe.AsRef<nuint>(bytes);
        return Unsafe.ReadUnaligned<nuint>(bytes + 9) ^ Unsafe.Add(ref first, 1)
            ^ (nuint)Unsafe.SizeOf<Cells>() ^ Unsafe.As<nuint, uint>(ref first)
            ^ (nuint)Unsafe.BitCast<nint, ulong>((nint)a);
    }

    [RuntimeExport("struct_layout")]
    public static nuint StructLayout(nuint a, nuint b)
    {
        Overlay overlay = default;
        overlay.Word = (uint)a;
        overlay.Low = (ushort)b;
        Placed placed = default;
        placed.Last = b;
        return overlay.Word + placed.Last
            + (nuint)sizeof(Overlay) + (nuint)sizeof(Padded) + (nuint)sizeof(Placed);
    }

    // The length is in a, the two offsets are in b. Copies within the buffer and returns its hash.
    [RuntimeExport("copy_memory")]
    public static nuint CopyMemory(nuint a, nuint b)
    {
        fixed (byte* bytes = s_buffer.Bytes)
        {
            Number(bytes);
            NativeMemory.Copy(bytes + (b & 0xFFFF), bytes + (b >> 16), a);
            return Hash(bytes);
        }
    }

    [RuntimeExport("fill_memory")]
    public static nuint FillMemory(nuint a, nuint b)
    {
        fixed (byte* bytes = s_buffer.Bytes)
        {
            Number(bytes);
            NativeMemory.Fill(bytes + (b & 0xFFFF), a, (byte)b);
            NativeMemory.Clear(bytes + (b >> 16), a / 2);
            return Hash(bytes);
        }
    }

    private static void Number(byte* bytes)
    {
        for (int i = 0; i < Buffer.Length; i++)
        {
            bytes[i] = (byte)((i * 7) + (i >> 8));
        }
    }

    private static nuint Hash(byte* bytes)
    {
        ulong hash = 14695981039346656037;
        for (int i = 0; i < Buffer.Length; i++)
        {
            hash = (hash ^ bytes[i]) * 1099511628211;
        }

        return (nuint)hash;
    }

    private static (nuint High, nuint Low) Sorted(nuint a, nuint b) => a > b ? (a, b) : (b, a);

    private static nuint Measure<T>(nuint value)
        where T : struct, IMeasure => default(T).Of(value) * T.Scale;

    private interface IMeasure
    {
        static abstract nuint Scale { get; }

        nuint Of(nuint value);
    }

    private struct Twice : IMeasure
    {
        public static nuint Scale => 2;

        public readonly nuint Of(nuint value) => value + 1;
    }

    private struct Offset<TInner> : IMeasure
        where TInner : struct, IMeasure
    {
        public static nuint Scale => TInner.Scale + 10;

        public readonly nuint Of(nuint value) => default(TInner).Of(value) ^ 0x55;
    }

    private readonly struct Adder(nuint* target, nuint amount) : IDisposable
    {
        public void Dispose() => *target += amount;
    }

    private struct Buffer
    {
        public const int Length = 8192;
        public fixed byte Bytes[Length];
    }

    private struct Cells
    {
        public fixed long Values[40];
    }

    [InlineArray(8)]
    private struct Eight
    {
        private nuint _first;
    }

    [StructLayout(LayoutKind.Explicit)]
    private struct Placed
    {
        [FieldOffset(PlacedOffset)]
        public nuint Last;
    }

    [StructLayout(LayoutKind.Explicit, Size = 12)]
    private struct Overlay
    {
        [FieldOffset(0)]
        public uint Word;

        [FieldOffset(1)]
        public ushort Low;
    }

    [StructLayout(LayoutKind.Sequential, Size = 64)]
    private struct Padded
    {
        public nuint First;
    }
}
