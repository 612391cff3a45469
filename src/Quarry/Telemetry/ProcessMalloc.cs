using System;
using System.Runtime.InteropServices;

namespace Quarry;

/// <summary>The malloc of the process, if it is <c>libquarry.so</c>.</summary>
internal static unsafe class ProcessMalloc
{
    /// <summary>Finds the function that reads its figures; null if the process has another malloc.</summary>
    internal static Func<HeapFigures?>? FindReader() =>
        NativeLibrary.TryGetExport(NativeLibrary.GetMainProgramHandle(), "quarry_stats", out nint function)
            ? () => Read(function)
            : null;

    // The build compares quarry_statistics in quarry.h with HeapStatistics, field by field. The library fills
    // in the fields that it has, and clears the others.
    private static HeapFigures? Read(nint function)
    {
        HeapStatistics read = default;
        var stats = (delegate* unmanaged<HeapStatistics*, nuint, nuint>)function;
        _ = stats(&read, (nuint)sizeof(HeapStatistics));
        return HeapFigures.Of(read);
    }
}
