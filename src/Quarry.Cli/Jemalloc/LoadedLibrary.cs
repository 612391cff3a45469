using System.IO;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using Quarry.Cli.Allocators;

namespace Quarry.Cli.Jemalloc;

/// <summary>The library in this process, whose malloc it does not replace.</summary>
/// <remarks>
/// It reads its options from the environment of this process at the first call. It may also print or write at
/// exit what the options ask for, so the process has to end by <c>_exit</c>.
/// </remarks>
internal static unsafe class LoadedLibrary
{
    /// <summary>Returns the report of <c>malloc_stats_print</c>.</summary>
    /// <param name="allocator">The allocator.</param>
    /// <param name="options">The letters that select parts.</param>
    internal static string Report(Allocator allocator, string options)
    {
        if (allocator.Library is null || !NativeLibrary.TryLoad(allocator.Library, out nint library)
            || !NativeLibrary.TryGetExport(library, "malloc_stats_print", out nint function))
        {
            throw new QuarryException($"{allocator.Library ?? allocator.Name} cannot be loaded");
        }

        using MemoryStream report = new();
        GCHandle handle = GCHandle.Alloc(report);
        fixed (byte* letters = Encoding.UTF8.GetBytes(options + "\0"))
        {
            delegate* unmanaged[Cdecl]<nint, byte*, void> append = &Append;
            ((delegate* unmanaged<void*, nint, byte*, void>)function)(
                append, GCHandle.ToIntPtr(handle), letters);
        }

        handle.Free();
        return Encoding.UTF8.GetString(report.ToArray());
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void Append(nint report, byte* text)
    {
        MemoryStream stream = (MemoryStream)GCHandle.FromIntPtr(report).Target!;
        stream.Write(MemoryMarshal.CreateReadOnlySpanFromNullTerminated(text));
    }
}
