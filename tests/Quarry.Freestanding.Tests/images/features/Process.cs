using System.Diagnostics;
using System.Runtime;
using System.Runtime.CompilerServices;

namespace Quarry.Freestanding.Tests;

/// <summary>Functions of the shim, and of the process around the image.</summary>
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

    // getpid() of the process's C library.
    [RuntimeExport("call_weak")]
    public static nint CallWeak() => NativeCall.Invoke(GetPid());

    [RuntimeExport("sum_of_six")]
    public static nint SumOfSix(void* function) => NativeCall.Invoke(function, 1, 2, 3, 4, 5, 6);

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
    [RuntimeImport("*", "quarry_weak_getpid")]
    private static extern void* GetPid();

    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", "quarry_weak_quarry_absent")]
    private static extern void* Absent();
}
