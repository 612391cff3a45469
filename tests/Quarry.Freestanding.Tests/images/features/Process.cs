using System.Diagnostics;
using System.Runtime;
using System.Runtime.CompilerServices;

namespace Quarry.Freestanding.Tests;

/// <summary>What an image gets from the shim and the process around it.</summary>
internal static unsafe class Process
{
    [RuntimeExport("features_swap_thread_word")]
    public static void* SwapThreadWord(void* word, void* thread)
    {
        SetThread(word);
        return GetThread() == word ? thread : null;
    }

    [RuntimeExport("system_call")]
    public static nint SystemCall(nint number, nint a, nint b, nint c, nint d, nint e, nint f) =>
        Kernel(number, a, b, c, d, e, f);

    // getpid() by way of the C library that the process happens to have.
    [RuntimeExport("call_weak")]
    public static nint CallWeak() => Call(GetPid());

    [RuntimeExport("look_for_absent")]
    public static void* LookForAbsent() => Absent();

    [RuntimeExport("read_at")]
    public static int ReadAt(int index) => "abc"u8[index];

    [RuntimeExport("assert_even")]
    public static int AssertEven(int value)
    {
        Debug.Assert(IsEven(value));
        return value;
    }

    private static bool IsEven(int value) => value % 2 == 0;

    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", "quarry_thread_get")]
    private static extern void* GetThread();

    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", "quarry_thread_set")]
    private static extern void SetThread(void* word);

    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", "quarry_syscall")]
    private static extern nint Kernel(nint number, nint a, nint b, nint c, nint d, nint e, nint f);

    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", "quarry_call0")]
    private static extern nint Call(void* function);

    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", "quarry_weak_getpid")]
    private static extern void* GetPid();

    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", "quarry_weak_quarry_absent")]
    private static extern void* Absent();
}
