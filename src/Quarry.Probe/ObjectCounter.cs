using System;
using System.Runtime.InteropServices;

namespace Quarry.Probe;

/// <summary>
/// Counts the objects that there are, on Quarry's managed heap: its census finds every one.
/// </summary>
/// <remarks>
/// To ask the runtime where the census is makes objects. So one process asks, and tells how far it is from
/// what the library exports; the next one finds it from there, which makes none.
/// </remarks>
internal static unsafe class ObjectCount
{
    private const string Exported = "GC_Initialize";
    private const nuint MostTypes = 4096;

    /// <summary>Bytes from what the library exports down to the census.</summary>
    internal static long FindCensus(string library) =>
        Anchor(library) - (long)GC.GetConfigurationVariables()["QuarryGCCensus"];

    /// <summary>
    /// The objects at this moment; fails unless their bytes are all that were ever allocated.
    /// </summary>
    internal static long Take(string library, string distance, long allocatedBytes)
    {
        var census = (delegate* unmanaged<TypeFigures*, nuint, nuint>)(Anchor(library) - Parse(distance));
        var types = (TypeFigures*)NativeMemory.Alloc(MostTypes, (nuint)sizeof(TypeFigures));
        nuint count = census(types, MostTypes);
        long objects = 0, bytes = 0;
        for (nuint i = 0; i < count; i++)
        {
            objects += (long)types[i].Objects;
            bytes += (long)types[i].Bytes;
        }

        NativeMemory.Free(types);
        return bytes == allocatedBytes
            ? objects
            : throw new InvalidOperationException($"The census has {bytes} bytes of {allocatedBytes}.");
    }

    private static nint Anchor(string library) =>
        NativeLibrary.GetExport(NativeLibrary.Load(library), Exported);

    // Without the settings of a culture, which are objects.
    private static nint Parse(string digits)
    {
        nint number = 0;
        foreach (char digit in digits)
        {
            number = (number * 10) + (digit - '0');
        }

        return number;
    }

    // As the heap writes it.
    private readonly struct TypeFigures
    {
        public nuint Type { get; }

        public nuint Objects { get; }

        public nuint Bytes { get; }
    }
}
