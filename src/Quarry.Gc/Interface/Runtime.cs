using System;
using System.Runtime;
using System.Runtime.CompilerServices;

namespace Quarry.Gc;

/// <summary>What the runtime offers to the collector: <c>IGCToCLR</c>, by the slots of its table.</summary>
internal static unsafe class Runtime
{
    private const int SlotStompWriteBarrier = 27, SlotIntConfig = 33, SlotStringConfig = 34;
    private const int SlotFreeString = 35;

    private static void** s_object;

    internal static void Attach(void* runtime) => s_object = (void**)runtime;

    internal static void StompWriteBarrier(WriteBarrierParameters* parameters) =>
        _ = Call2(Slot(SlotStompWriteBarrier), (nint)s_object, (nint)parameters);

    /// <summary>
    /// A setting: <c>DOTNET_key</c> of the environment, in hexadecimal, or the public key of
    /// <c>runtimeconfig.json</c>, in decimal.
    /// </summary>
    internal static bool TryGetInteger(ReadOnlySpan<byte> key, ReadOnlySpan<byte> publicKey, out long value)
    {
        long found = 0;
        bool there;
        fixed (byte* privateName = key)
        fixed (byte* publicName = publicKey)
        {
            there = (byte)Call4(
                Slot(SlotIntConfig), (nint)s_object, (nint)privateName, (nint)publicName, (nint)(&found)) != 0;
        }

        value = found;
        return there;
    }

    /// <summary>Copies a setting that is text, as much of it as fits; ends with a zero byte.</summary>
    internal static bool TryGetText(
        ReadOnlySpan<byte> key, ReadOnlySpan<byte> publicKey, byte* text, int capacity)
    {
        byte* found = null;
        bool there;
        fixed (byte* privateName = key)
        fixed (byte* publicName = publicKey)
        {
            there = (byte)Call4(
                Slot(SlotStringConfig), (nint)s_object, (nint)privateName, (nint)publicName, (nint)(&found)) != 0;
        }

        int length = 0;
        for (; there && found != null && found[length] != 0 && length < capacity - 1; length++)
        {
            text[length] = found[length];
        }

        text[length] = 0;
        if (found != null)
        {
            _ = Call2(Slot(SlotFreeString), (nint)s_object, (nint)found);
        }

        return length > 0;
    }

    private static void* Slot(int index) => ((void**)*s_object)[index];

    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", "quarry_call2")]
    private static extern nint Call2(void* function, nint a, nint b);

    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", "quarry_call4")]
    private static extern nint Call4(void* function, nint a, nint b, nint c, nint d);
}
