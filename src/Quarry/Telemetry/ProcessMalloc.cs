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

    private static HeapFigures? Read(nint function)
    {
        Statistics read = default;
        _ = ((delegate* unmanaged<Statistics*, nuint, nuint>)function)(&read, (nuint)sizeof(Statistics));
        return HeapFigures.Of(new HeapStatistics
        {
            RequestedBytes = read.RequestedBytes,
            Allocations = read.Allocations,
            InUseBytes = read.InUseBytes,
            InUseBlocks = read.InUseBlocks,
            PeakBytes = read.PeakBytes,
            CommittedBytes = read.CommittedBytes,
            ResidentBytes = read.ResidentBytes,
        });
    }

    /// <summary>The first fields of <c>quarry_statistics</c> in <c>quarry.h</c>, in its order.</summary>
    private readonly struct Statistics
    {
        public nuint RequestedBytes { get; }

        public nuint Allocations { get; }

        public nuint InUseBytes { get; }

        public nuint InUseBlocks { get; }

        public nuint UsedBytes { get; }

        public nuint PeakBytes { get; }

        public nuint CommittedBytes { get; }

        public nuint MappedBytes { get; }

        public nuint ResidentBytes { get; }
    }
}
