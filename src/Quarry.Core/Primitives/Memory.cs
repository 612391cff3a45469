using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace Quarry;

/// <summary>
/// Copies and fills memory of any size; the compiler's block operations take 32-bit counts.
/// </summary>
internal static unsafe class Memory
{
    private const nuint MaxStep = 1u << 30;

    /// <summary>
    /// Prefetches the cache line of an address; does nothing on processors without the instruction.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void Prefetch(void* address)
    {
        if (Sse.IsSupported)
        {
            Sse.Prefetch0(address);
        }
    }

    internal static void Copy(void* from, void* to, nuint count)
    {
        if (count > MaxStep)
        {
            CopyInSteps((byte*)from, (byte*)to, count);
            return;
        }

        Unsafe.CopyBlockUnaligned(to, from, (uint)count);
    }

    internal static void Clear(void* start, nuint count) => Fill(start, count, 0);

    internal static void Fill(void* start, nuint count, byte value)
    {
        if (count > MaxStep)
        {
            FillInSteps((byte*)start, count, value);
            return;
        }

        Unsafe.InitBlockUnaligned(start, value, (uint)count);
    }

    // The size of a step must not be a constant where the memory is copied or filled: for a block of constant
    // size the JIT keeps a table of its words, and 1 GiB takes it a second in each method that inlines this.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void CopyInSteps(byte* source, byte* target, nuint count)
    {
        while (count != 0)
        {
            uint step = (uint)(count < MaxStep ? count : MaxStep);
            Unsafe.CopyBlockUnaligned(target, source, step);
            source += step;
            target += step;
            count -= step;
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void FillInSteps(byte* target, nuint count, byte value)
    {
        while (count != 0)
        {
            uint step = (uint)(count < MaxStep ? count : MaxStep);
            Unsafe.InitBlockUnaligned(target, value, step);
            target += step;
            count -= step;
        }
    }
}
