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
        byte* source = (byte*)from;
        byte* target = (byte*)to;
        for (; count > MaxStep; count -= MaxStep, source += MaxStep, target += MaxStep)
        {
            Unsafe.CopyBlockUnaligned(target, source, (uint)MaxStep);
        }

        Unsafe.CopyBlockUnaligned(target, source, (uint)count);
    }

    internal static void Clear(void* start, nuint count) => Fill(start, count, 0);

    internal static void Fill(void* start, nuint count, byte value)
    {
        byte* target = (byte*)start;
        for (; count > MaxStep; count -= MaxStep, target += MaxStep)
        {
            Unsafe.InitBlockUnaligned(target, value, (uint)MaxStep);
        }

        Unsafe.InitBlockUnaligned(target, value, (uint)count);
    }
}
