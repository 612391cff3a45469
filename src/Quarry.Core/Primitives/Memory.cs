using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace Quarry;

/// <summary>Copies and clears any number of bytes; the compiler's operations count in 32 bits.</summary>
internal static unsafe class Memory
{
    private const nuint MaxStep = 1u << 30;

    /// <summary>
    /// Loads the cache line of an address that is about to be used, where the processor can.
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
