using System;
using System.Collections.Generic;

namespace Quarry;

/// <summary>A published figure: its name, its unit, and where it is found.</summary>
/// <param name="Index">The index in <see cref="All"/>.</param>
/// <param name="Name">The name of the instrument and of the event counter.</param>
/// <param name="Unit">The unit of the instrument, as UCUM writes it.</param>
/// <param name="IsTotal">Whether the figure only grows.</param>
/// <param name="Description">What is measured.</param>
/// <param name="Select">Selects the figure; null if an allocator does not have it.</param>
internal sealed record HeapMetric(
    int Index, string Name, string Unit, bool IsTotal, string Description, Func<HeapFigures, long?> Select)
{
    /// <summary>The unit of sizes.</summary>
    internal const string Bytes = "By";

    private const string Blocks = "{allocation}";

    internal static IReadOnlyList<HeapMetric> All { get; } =
    [
        new(0, "quarry.heap.in_use", Bytes, false, "Bytes in blocks in use", heap => heap.InUse),
        new(1, "quarry.heap.committed", Bytes, false, "Committed bytes", heap => heap.Committed),
        new(2, "quarry.heap.resident", Bytes, false, "Bytes in physical memory", heap => heap.Resident),
        new(3, "quarry.heap.peak", Bytes, false, "Peak bytes", heap => heap.Peak),
        new(4, "quarry.heap.allocations", Blocks, true, "Allocations", heap => heap.Allocations),
        new(5, "quarry.heap.frees", Blocks, true, "Frees", heap => heap.Frees),
        new(6, "quarry.heap.allocated", Bytes, true, "Bytes allocated", heap => heap.Allocated),
    ];
}
