using System;
using System.Runtime;
using System.Runtime.CompilerServices;

namespace Quarry.Gc;

/// <summary>What the runtime offers to the collector: <c>IGCToCLR</c>, by the slots of its table.</summary>
internal static unsafe class Runtime
{
    private const int SlotSuspend = 0, SlotRestart = 1;
    private const int SlotEnablePreemptive = 13, SlotDisablePreemptive = 14;
    private const int SlotEnumerateContexts = 17, SlotLoaderAllocator = 18;
    private const int SlotDiagStart = 20, SlotDiagEnd = 22, SlotStompWriteBarrier = 27, SlotFinalize = 28;
    private const int SlotGetFlag = 32, SlotGetInteger = 33, SlotGetText = 34, SlotFreeText = 35;
    private const int SlotEventSink = 40;

    private const nint ReasonCollection = 1;

    private static nint s_object;

    /// <summary>The receiver of the events that a collector reports.</summary>
    internal static nint EventSink => Call1(Slot(SlotEventSink), s_object);

    internal static void Attach(void* runtime) => s_object = (nint)runtime;

    /// <summary>Stops all other threads where they hold no object that is half made.</summary>
    internal static void Suspend() => _ = Call2(Slot(SlotSuspend), s_object, ReasonCollection);

    internal static void Restart() => _ = Call2(Slot(SlotRestart), s_object, 1);

    /// <summary>Lets the calling thread be suspended by others while it waits.</summary>
    /// <returns>Whether it could not be before.</returns>
    internal static bool EnablePreemption() => (byte)Call1(Slot(SlotEnablePreemptive), s_object) != 0;

    internal static void DisablePreemption() => _ = Call1(Slot(SlotDisablePreemptive), s_object);

    /// <summary>Tells profilers that a collection of a generation begins.</summary>
    internal static void ReportStart(int generation, bool induced) =>
        _ = Call3(Slot(SlotDiagStart), s_object, generation, induced ? 1 : 0);

    internal static void ReportEnd(nuint index, int generation, int reason) =>
        _ = Call5(Slot(SlotDiagEnd), s_object, (nint)index, generation, reason, 0);

    internal static void StompWriteBarrier(WriteBarrierParameters* parameters) =>
        _ = Call2(Slot(SlotStompWriteBarrier), s_object, (nint)parameters);

    /// <summary>
    /// Calls a function with each thread's context and null. Threads have to be suspended.
    /// </summary>
    internal static void EnumerateContexts(delegate*<AllocationContext*, void*, void> function) =>
        _ = Call3(Slot(SlotEnumerateContexts), s_object, (nint)function, 0);

    /// <summary>The object that keeps the type of an object loaded, if it can be unloaded.</summary>
    internal static byte* LoaderAllocatorOf(byte* place) =>
        (byte*)Call2(Slot(SlotLoaderAllocator), s_object, (nint)place);

    /// <summary>Wakes the thread that runs finalizers, and work that a collector has for it.</summary>
    internal static void WakeFinalizer() => _ = Call2(Slot(SlotFinalize), s_object, 1);

    /// <summary>A setting that is yes or no.</summary>
    internal static bool IsSet(ReadOnlySpan<byte> key, ReadOnlySpan<byte> publicKey, bool otherwise)
    {
        byte found = 0;
        return Get(SlotGetFlag, key, publicKey, &found) ? found != 0 : otherwise;
    }

    /// <summary>
    /// A setting: <c>DOTNET_key</c> of the environment, in hexadecimal, or the public key of
    /// <c>runtimeconfig.json</c>, in decimal.
    /// </summary>
    internal static bool TryGetInteger(ReadOnlySpan<byte> key, ReadOnlySpan<byte> publicKey, out long value)
    {
        long found = 0;
        bool there = Get(SlotGetInteger, key, publicKey, &found);
        value = found;
        return there;
    }

    /// <summary>Copies a setting that is text, as much of it as fits; ends with a zero byte.</summary>
    /// <returns>Its length.</returns>
    internal static int GetText(
        ReadOnlySpan<byte> key, ReadOnlySpan<byte> publicKey, byte* text, int capacity)
    {
        byte* found = null;
        int length = 0;
        if (Get(SlotGetText, key, publicKey, &found) && found != null)
        {
            for (; found[length] != 0 && length < capacity - 1; length++)
            {
                text[length] = found[length];
            }

            _ = Call2(Slot(SlotFreeText), s_object, (nint)found);
        }

        text[length] = 0;
        return length;
    }

    private static bool Get(int slot, ReadOnlySpan<byte> key, ReadOnlySpan<byte> publicKey, void* value)
    {
        fixed (byte* privateName = key)
        fixed (byte* publicName = publicKey)
        {
            return (byte)Call4(
                Slot(slot), s_object, (nint)privateName, (nint)publicName, (nint)value) != 0;
        }
    }

    private static void* Slot(int index) => SlotOf(s_object, index);

    /// <summary>A function of an object of C++.</summary>
    internal static void* SlotOf(nint instance, int index) => (*(void***)instance)[index];

    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", "quarry_call1")]
    private static extern nint Call1(void* function, nint a);

    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", "quarry_call2")]
    internal static extern nint Call2(void* function, nint a, nint b);

    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", "quarry_call3")]
    internal static extern nint Call3(void* function, nint a, nint b, nint c);

    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", "quarry_call4")]
    private static extern nint Call4(void* function, nint a, nint b, nint c, nint d);

    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", "quarry_call5")]
    internal static extern nint Call5(void* function, nint a, nint b, nint c, nint d, nint e);

    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", "quarry_call6")]
    internal static extern nint Call6(void* function, nint a, nint b, nint c, nint d, nint e, nint f);
}
