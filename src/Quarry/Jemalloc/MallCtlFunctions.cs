using System;
using System.IO;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;

namespace Quarry;

/// <summary>The functions of jemalloc in a library of the process.</summary>
internal sealed unsafe class MallCtlFunctions
{
    private const int MaxDepth = 16;

    private readonly delegate* unmanaged<byte*, void*, nuint*, void*, nuint, int> _byName;
    private readonly delegate* unmanaged<nuint*, nuint, void*, nuint*, void*, nuint, int> _byMib;
    private readonly delegate* unmanaged<byte*, nuint*, nuint*, int> _nameToMib;
    private readonly delegate* unmanaged<void*, void*, byte*, void> _print;

    private MallCtlFunctions(nint byName, nint byMib, nint nameToMib, nint print)
    {
        _byName = (delegate* unmanaged<byte*, void*, nuint*, void*, nuint, int>)byName;
        _byMib = (delegate* unmanaged<nuint*, nuint, void*, nuint*, void*, nuint, int>)byMib;
        _nameToMib = (delegate* unmanaged<byte*, nuint*, nuint*, int>)nameToMib;
        _print = (delegate* unmanaged<void*, void*, byte*, void>)print;
    }

    /// <summary>Gets the functions of the malloc of the process; null if it has none.</summary>
    /// <remarks>
    /// The handle of the program finds what <c>dlsym(RTLD_DEFAULT)</c> does: preloaded libraries come first.
    /// </remarks>
    internal static MallCtlFunctions? Instance { get; } = In(NativeLibrary.GetMainProgramHandle());

    /// <summary>Gets the functions.</summary>
    /// <exception cref="NotSupportedException">The process has another malloc.</exception>
    internal static MallCtlFunctions Required => Instance ?? throw new NotSupportedException(
        "The malloc of this process has no controls: start it on libquarry.so with 'quarry run -- PROGRAM', "
        + "or preload libquarry.so or libjemalloc.so.2 (LD_PRELOAD).");

    internal int ByName(ReadOnlySpan<byte> name, void* old, nuint* length, void* value, nuint valueLength)
    {
        fixed (byte* text = name)
        {
            return _byName(text, old, length, value, valueLength);
        }
    }

    internal int ByMib(ReadOnlySpan<nuint> mib, void* old, nuint* length, void* value, nuint valueLength)
    {
        fixed (nuint* numbers = mib)
        {
            return _byMib(numbers, (nuint)mib.Length, old, length, value, valueLength);
        }
    }

    internal int Resolve(string name, out nuint[] numbers)
    {
        nuint* mib = stackalloc nuint[MaxDepth];
        nuint depth = MaxDepth;
        int error;
        fixed (byte* text = ZeroTerminated(name))
        {
            error = _nameToMib(text, mib, &depth);
        }

        numbers = error == 0 ? new ReadOnlySpan<nuint>(mib, (int)depth).ToArray() : [];
        return error;
    }

    /// <summary>Returns the report of <c>malloc_stats_print</c>.</summary>
    internal byte[] Report(string options)
    {
        ArgumentNullException.ThrowIfNull(options);
        using MemoryStream report = new();
        GCHandle handle = GCHandle.Alloc(report);
        try
        {
            fixed (byte* text = ZeroTerminated(options))
            {
                delegate* unmanaged[Cdecl]<nint, byte*, void> append = &Append;
                _print(append, (void*)GCHandle.ToIntPtr(handle), text);
            }
        }
        finally
        {
            handle.Free();
        }

        return report.ToArray();
    }

    internal static byte[] ZeroTerminated(string text) => Encoding.UTF8.GetBytes(text + "\0");

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void Append(nint report, byte* text)
    {
        MemoryStream stream = (MemoryStream)GCHandle.FromIntPtr(report).Target!;
        stream.Write(MemoryMarshal.CreateReadOnlySpanFromNullTerminated(text));
    }

    /// <summary>Returns the functions of a loaded library; null if it lacks one.</summary>
    internal static MallCtlFunctions? In(nint library) =>
        NativeLibrary.TryGetExport(library, "mallctl", out nint byName)
            && NativeLibrary.TryGetExport(library, "mallctlbymib", out nint byMib)
            && NativeLibrary.TryGetExport(library, "mallctlnametomib", out nint nameToMib)
            && NativeLibrary.TryGetExport(library, "malloc_stats_print", out nint print)
            ? new MallCtlFunctions(byName, byMib, nameToMib, print)
            : null;
}
