using System;
using System.Runtime;
using System.Runtime.CompilerServices;

namespace Quarry.Malloc;

/// <summary>
/// What is used of the process's C and C++ libraries if it has them: weak symbols, null where there are
/// none.
/// </summary>
internal static unsafe class LibC
{
    /// <summary><c>int* __errno_location(void)</c></summary>
    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", "quarry_weak___errno_location")]
    internal static extern void* ErrnoLocation();

    /// <summary><c>int pthread_key_create(unsigned* key, void (*destructor)(void*))</c></summary>
    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", "quarry_weak_pthread_key_create")]
    internal static extern void* KeyCreate();

    /// <summary><c>int pthread_setspecific(unsigned key, void* value)</c></summary>
    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", "quarry_weak_pthread_setspecific")]
    internal static extern void* SetSpecific();

    /// <summary><c>int __register_atfork(prepare, parent, child, void* library)</c></summary>
    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", "quarry_weak___register_atfork")]
    private static extern void* RegisterAtFork();

    /// <summary>
    /// <c>int pthread_atfork(prepare, parent, child)</c>, where it is a symbol of its own: in musl.
    /// </summary>
    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", "quarry_weak_pthread_atfork")]
    private static extern void* AtFork();

    /// <summary>
    /// Has functions called around every fork: before it, and after it in parent and child.
    /// </summary>
    internal static void OnFork(
        delegate*<void> prepare, delegate*<void> parent, delegate*<void> child)
    {
        if (RegisterAtFork() != null)
        {
            _ = Call(RegisterAtFork(), (nint)prepare, (nint)parent, (nint)child, 0);
        }
        else if (AtFork() != null)
        {
            _ = Call(AtFork(), (nint)prepare, (nint)parent, (nint)child);
        }
    }

    /// <summary><c>size_t fwrite(const void*, size_t, size_t, FILE*)</c></summary>
    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", "quarry_weak_fwrite")]
    private static extern void* FWrite();

    /// <summary><c>void abort(void)</c></summary>
    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", "quarry_weak_abort")]
    internal static extern void* Abort();

    /// <summary>
    /// The function of a name in the libraries behind this one, for what it replaces; null if there is none.
    /// </summary>
    internal static void* Next(ReadOnlySpan<byte> name)
    {
        const nint NextHandle = -1;
        fixed (byte* text = name)
        {
            return FindSymbol() == null ? null : (void*)Call(FindSymbol(), NextHandle, (nint)text);
        }
    }

    /// <summary>Writes to a <c>FILE*</c>, which only the C library can.</summary>
    internal static void Write(void* stream, ReadOnlySpan<byte> text)
    {
        fixed (byte* bytes = text)
        {
            if (FWrite() != null)
            {
                _ = Call(FWrite(), (nint)bytes, 1, text.Length, (nint)stream);
            }
        }
    }

    /// <summary><c>std::get_new_handler()</c></summary>
    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", "quarry_weak__ZSt15get_new_handlerv")]
    internal static extern void* GetNewHandler();

    /// <summary><c>std::__throw_bad_alloc()</c></summary>
    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", "quarry_weak__ZSt17__throw_bad_allocv")]
    internal static extern void* ThrowBadAlloc();

    /// <summary><c>void* dlsym(void* handle, const char* name)</c></summary>
    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", "quarry_weak_dlsym")]
    private static extern void* FindSymbol();

    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", "quarry_call0")]
    internal static extern nint Call(void* function);

    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", "quarry_call2")]
    internal static extern nint Call(void* function, nint a, nint b);

    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", "quarry_call3")]
    internal static extern nint Call(void* function, nint a, nint b, nint c);

    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", "quarry_call4")]
    internal static extern nint Call(void* function, nint a, nint b, nint c, nint d);
}
