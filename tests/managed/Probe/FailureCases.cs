using System;
using System.Collections.Generic;
using System.Runtime.InteropServices;

namespace Quarry.Gc.Probe;

/// <summary>Ends, wished for and not.</summary>
internal static class FailureCases
{
    internal static void FailFast()
    {
        List<object> kept = [.. new object[1000]];
        Environment.FailFast($"on purpose, {kept.Count}");
    }

    /// <summary>Small objects until there is no room; the program goes on.</summary>
    internal static void FillHeap()
    {
        List<byte[]>? kept = [];
        try
        {
            for (; ; )
            {
                kept.Add(new byte[1000]);
            }
        }
        catch (OutOfMemoryException)
        {
            Console.WriteLine($"caught after {kept.Count / 1000} thousand");
        }
    }

    internal static void TooLargeArrays()
    {
        List<long[]> kept = [];
        Check.Throws<OutOfMemoryException>(() =>
        {
            for (; ; )
            {
                kept.Add(new long[Array.MaxLength]);
            }
        });
        Console.WriteLine($"caught, {kept[0].Length}");
    }

    /// <summary>Does what a runtime does that came before the oldest one this heap serves.</summary>
    internal static unsafe void OldRuntime(string library)
    {
        nint handle = NativeLibrary.Load(library);
        var tellVersion = (delegate* unmanaged<ulong*, void>)
            NativeLibrary.GetExport(handle, "GC_VersionInfo");
        var initialize = (delegate* unmanaged<void*, void**, void**, void*, int>)
            NativeLibrary.GetExport(handle, "GC_Initialize");
        ulong* version = stackalloc ulong[3];
        version[0] = 2;
        tellVersion(version);
        void* heap = null, handles = null;
        Console.WriteLine($"{initialize(null, &heap, &handles, null):x} {heap == null}");
    }
}
