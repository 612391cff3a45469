using System;
using System.Runtime;
using System.Runtime.CompilerServices;

namespace Quarry.Malloc;

/// <summary>
/// Functions of the C and C++ libraries of the process: weak symbols, null in a process that lacks them.
/// </summary>
/// <remarks>
/// The ABI leaves the upper bits of the result register undefined for results narrower than a register, so
/// each wrapper truncates to the type that the C function returns.
/// </remarks>
internal static unsafe class LibC
{
    /// <summary>Gets the address of <c>errno</c>; null without a C library.</summary>
    internal static int* ErrnoAddress()
    {
        void* function = ErrnoLocation();
        return function == null ? null : (int*)NativeCall.Invoke(function);
    }

    /// <summary>Gets a value of the auxiliary vector; false without <c>getauxval</c>.</summary>
    internal static bool TryGetAuxiliaryValue(nint type, out nuint value)
    {
        void* function = GetAuxiliaryValue();
        value = function == null ? 0 : (nuint)NativeCall.Invoke(function, type, 0);
        return function != null;
    }

    /// <summary>Creates a key whose destructor the C library calls when a thread exits.</summary>
    internal static bool TryCreateKey(delegate*<void*, void> destructor, out uint key)
    {
        uint created = 0;
        bool success = KeyCreate() != null && SetSpecific() != null
            && (int)NativeCall.Invoke(KeyCreate(), (nint)(&created), (nint)destructor) == 0;
        key = created;
        return success;
    }

    /// <summary>Sets the calling thread's value of a key.</summary>
    internal static void SetSpecific(uint key, void* value) =>
        _ = NativeCall.Invoke(SetSpecific(), (nint)key, (nint)value);

    /// <summary>
    /// Registers functions that run before every fork, and after it in the parent and in the child.
    /// </summary>
    internal static void OnFork(
        delegate*<void> prepare, delegate*<void> parent, delegate*<void> child)
    {
        if (RegisterAtFork() != null)
        {
            _ = NativeCall.Invoke(RegisterAtFork(), (nint)prepare, (nint)parent, (nint)child, 0);
        }
        else if (AtFork() != null)
        {
            _ = NativeCall.Invoke(AtFork(), (nint)prepare, (nint)parent, (nint)child);
        }
    }

    /// <summary>Writes to a <c>FILE*</c>.</summary>
    internal static void Write(void* stream, ReadOnlySpan<byte> text)
    {
        if (FWrite() != null)
        {
            fixed (byte* bytes = text)
            {
                _ = NativeCall.Invoke(FWrite(), (nint)bytes, 1, text.Length, (nint)stream);
            }
        }
    }

    /// <summary>Writes what is left in all streams.</summary>
    internal static void FlushStreams()
    {
        if (FFlush() != null)
        {
            _ = NativeCall.Invoke(FFlush(), 0, 0);
        }
    }

    /// <summary>Finds a function that this image replaces, in the libraries loaded after the image.</summary>
    /// <param name="name">The zero-terminated name.</param>
    /// <returns>Null if there is none.</returns>
    internal static void* Next(ReadOnlySpan<byte> name)
    {
        const nint NextHandle = -1;
        fixed (byte* text = name)
        {
            return FindSymbol() == null
                ? null
                : (void*)NativeCall.Invoke(FindSymbol(), NextHandle, (nint)text);
        }
    }

    /// <summary>Calls a function that returns <c>bool</c>.</summary>
    internal static bool CallBool(void* function, nint a, nint b, nint c) =>
        (byte)NativeCall.Invoke(function, a, b, c) != 0;

    /// <summary><c>void abort(void)</c></summary>
    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", "quarry_weak_abort")]
    internal static extern void* Abort();

    /// <summary><c>std::get_new_handler()</c></summary>
    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", "quarry_weak__ZSt15get_new_handlerv")]
    internal static extern void* GetNewHandler();

    /// <summary><c>std::__throw_bad_alloc()</c></summary>
    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", "quarry_weak__ZSt17__throw_bad_allocv")]
    internal static extern void* ThrowBadAlloc();

    /// <summary><c>int _dl_find_object(void* address, struct dl_find_object* result)</c></summary>
    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", "quarry_weak__dl_find_object")]
    internal static extern void* FindObject();

    /// <summary><c>int* __errno_location(void)</c></summary>
    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", "quarry_weak___errno_location")]
    private static extern void* ErrnoLocation();

    /// <summary><c>unsigned long getauxval(unsigned long type)</c></summary>
    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", "quarry_weak_getauxval")]
    private static extern void* GetAuxiliaryValue();

    /// <summary><c>int pthread_key_create(unsigned* key, void (*destructor)(void*))</c></summary>
    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", "quarry_weak_pthread_key_create")]
    private static extern void* KeyCreate();

    /// <summary><c>int pthread_setspecific(unsigned key, void* value)</c></summary>
    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", "quarry_weak_pthread_setspecific")]
    private static extern void* SetSpecific();

    /// <summary><c>int __register_atfork(prepare, parent, child, void* library)</c></summary>
    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", "quarry_weak___register_atfork")]
    private static extern void* RegisterAtFork();

    /// <summary><c>int pthread_atfork(prepare, parent, child)</c>, which only musl exports.</summary>
    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", "quarry_weak_pthread_atfork")]
    private static extern void* AtFork();

    /// <summary><c>size_t fwrite(const void*, size_t, size_t, FILE*)</c></summary>
    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", "quarry_weak_fwrite")]
    private static extern void* FWrite();

    /// <summary><c>int fflush(FILE*)</c></summary>
    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", "quarry_weak_fflush")]
    private static extern void* FFlush();

    /// <summary><c>void* dlsym(void* handle, const char* name)</c></summary>
    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", "quarry_weak_dlsym")]
    private static extern void* FindSymbol();
}
