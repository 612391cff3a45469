using System;
using System.Runtime.InteropServices;

namespace Quarry.Probe;

/// <summary>
/// Counts the objects in existence by the census of Quarry's managed heap.
/// </summary>
/// <remarks>
/// Getting the address of the census from the runtime creates objects. So one process does that and prints
/// the distance of the census from an exported function; the next process computes the address without new
/// objects.
/// </remarks>
internal static unsafe class ObjectCounter
{
    private const string Exported = "GC_Initialize";
    private const nuint MaxTypes = 4096;

    /// <summary>Returns the distance from the census to the exported function, in bytes.</summary>
    internal static long FindCensus(string library) =>
        Anchor(library) - (long)GC.GetConfigurationVariables()["QuarryGCCensus"];

    /// <summary>Returns the number of objects.</summary>
    /// <exception cref="InvalidOperationException">
    /// Their sizes do not add up to <paramref name="allocatedBytes"/>.
    /// </exception>
    internal static long Count(string library, string distance, long allocatedBytes)
    {
        var census = (delegate* unmanaged<TypeStatistics*, nuint, nuint>)(Anchor(library) - Parse(distance));
        var types = (TypeStatistics*)NativeMemory.Alloc(MaxTypes, (nuint)sizeof(TypeStatistics));
        nuint count = census(types, MaxTypes);
        long objects = 0, bytes = 0;
        for (nuint i = 0; i < count; i++)
        {
            objects += (long)types[i].Objects;
            bytes += (long)types[i].Bytes;
        }

        NativeMemory.Free(types);
        return bytes == allocatedBytes
            ? objects
            : throw new InvalidOperationException(
                $"The census counts {bytes} bytes of objects, but {allocatedBytes} were allocated.");
    }

    private static nint Anchor(string library) =>
        NativeLibrary.GetExport(NativeLibrary.Load(library), Exported);

    // Avoids the formatting settings of a culture, which are objects.
    private static nint Parse(string digits)
    {
        nint number = 0;
        foreach (char digit in digits)
        {
            number = (number * 10) + (digit - '0');
        }

        return number;
    }

    // The layout of a census entry.
    private readonly struct TypeStatistics
    {
        public nuint Type { get; }

        public nuint Objects { get; }

        public nuint Bytes { get; }
    }
}
