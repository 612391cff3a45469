using System.Runtime;
using System.Runtime.CompilerServices;

namespace Quarry.Malloc;

/// <summary>
/// Threads of the C library: weak symbols, which a process without threads may lack. See <see cref="LibC"/>.
/// </summary>
internal static unsafe class LibCThreads
{
    // Larger than pthread_attr_t and sigset_t of glibc and musl, in words.
    private const int AttributeWords = 16, SignalSetWords = 16;

    // The functions of the image need less than 5000 bytes. glibc places thread-local storage here too.
    private const nint StackBytes = 64 * 1024;

    private const nint SetMask = 2;

    /// <summary>Creates a thread in which all signals are blocked.</summary>
    /// <param name="start">The function that the thread runs.</param>
    /// <param name="handle">The <c>pthread_t</c>.</param>
    /// <returns>False if the C library has no threads, or the system refuses.</returns>
    internal static bool TryCreate(delegate*<void*, void*> start, out nuint handle)
    {
        handle = 0;
        if (CreateFunction() == null || JoinFunction() == null || MaskFunction() == null
            || FillSetFunction() == null)
        {
            return false;
        }

        // By the C library: it leaves out the signals that it sends itself, such as that of setuid.
        ulong* all = stackalloc ulong[SignalSetWords];
        ulong* previous = stackalloc ulong[SignalSetWords];
        _ = NativeCall.Invoke(FillSetFunction(), (nint)all);
        if ((int)NativeCall.Invoke(MaskFunction(), SetMask, (nint)all, (nint)previous) != 0)
        {
            return false;
        }

        // A program with much thread-local storage needs the stack of the default size.
        nuint created = 0;
        bool success = TryCreateSmall(start, &created)
            || (int)NativeCall.Invoke(CreateFunction(), (nint)(&created), 0, (nint)start, 0) == 0;
        _ = NativeCall.Invoke(MaskFunction(), SetMask, (nint)previous, 0);
        handle = created;
        return success;
    }

    /// <summary>Waits until a thread has ended.</summary>
    internal static void Join(nuint handle) => _ = NativeCall.Invoke(JoinFunction(), (nint)handle, 0);

    private static bool TryCreateSmall(delegate*<void*, void*> start, nuint* handle)
    {
        if (InitializeFunction() == null || StackSizeFunction() == null)
        {
            return false;
        }

        // Neither glibc nor musl allocates for attributes, so they need not be destroyed.
        ulong* attributes = stackalloc ulong[AttributeWords];
        return (int)NativeCall.Invoke(InitializeFunction(), (nint)attributes) == 0
            && (int)NativeCall.Invoke(StackSizeFunction(), (nint)attributes, StackBytes) == 0
            && (int)NativeCall.Invoke(
                CreateFunction(), (nint)handle, (nint)attributes, (nint)start, 0) == 0;
    }

    /// <summary><c>int pthread_create(pthread_t*, const pthread_attr_t*, start, void*)</c></summary>
    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", "quarry_weak_pthread_create")]
    private static extern void* CreateFunction();

    /// <summary><c>int pthread_join(pthread_t, void**)</c></summary>
    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", "quarry_weak_pthread_join")]
    private static extern void* JoinFunction();

    /// <summary><c>int pthread_attr_init(pthread_attr_t*)</c></summary>
    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", "quarry_weak_pthread_attr_init")]
    private static extern void* InitializeFunction();

    /// <summary><c>int pthread_attr_setstacksize(pthread_attr_t*, size_t)</c></summary>
    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", "quarry_weak_pthread_attr_setstacksize")]
    private static extern void* StackSizeFunction();

    /// <summary><c>int pthread_sigmask(int, const sigset_t*, sigset_t*)</c></summary>
    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", "quarry_weak_pthread_sigmask")]
    private static extern void* MaskFunction();

    /// <summary><c>int sigfillset(sigset_t*)</c></summary>
    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", "quarry_weak_sigfillset")]
    private static extern void* FillSetFunction();
}
