using System;
using System.Runtime.InteropServices;

namespace Quarry;

/// <summary>The functions behind <see cref="NativeMemory"/>, called directly.</summary>
/// <remarks>
/// They are those that the process was started on, such as a preloaded malloc, so blocks may be freed by
/// <see cref="NativeMemory"/> and the other way round. <see cref="NativeMemory.Alloc(nuint)"/> throws where
/// an allocator returns null, and the JIT inlines no method that catches an exception; a call by pointer is
/// inlined, together with its transition to native code.
/// </remarks>
internal static unsafe class SystemMalloc
{
    private static readonly nint s_library = Open();

    /// <summary>The C functions; null where the program does not export them.</summary>
    internal static readonly delegate* unmanaged<nuint, void*> Malloc =
        (delegate* unmanaged<nuint, void*>)Find("malloc");

    internal static readonly delegate* unmanaged<void*, void> Free =
        (delegate* unmanaged<void*, void>)Find("free");

    /// <summary>Whether both functions were found. A constant to the JIT.</summary>
    internal static readonly bool IsAvailable = Malloc != null && Free != null;

    // The runtime uses the universal C runtime on Windows; elsewhere, what the dynamic linker finds first.
    private static nint Open() => !OperatingSystem.IsWindows()
        ? NativeLibrary.GetMainProgramHandle()
        : NativeLibrary.TryLoad("ucrtbase.dll", out nint library) ? library : 0;

    private static nint Find(string function) =>
        s_library != 0 && NativeLibrary.TryGetExport(s_library, function, out nint address) ? address : 0;
}
