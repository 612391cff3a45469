using System.Collections.Generic;
using System.Linq;

namespace Quarry.Cli.BeforeMain;

/// <summary>Represents <see cref="AllocationStatistics"/> of several runs of the same program.</summary>
internal sealed record Quantities(
    Quantity Bytes, Quantity Blocks, Quantity BytesInUse, Quantity BlocksInUse, Quantity? ManagedBytes)
{
    internal static Quantities Of(IReadOnlyCollection<AllocationStatistics> runs) => new(
        Quantity.Of(runs.Select(r => r.Bytes)),
        Quantity.Of(runs.Select(r => r.Blocks)),
        Quantity.Of(runs.Select(r => r.BytesInUse)),
        Quantity.Of(runs.Select(r => r.BlocksInUse)),
        runs.All(r => r.ManagedBytes is not null)
            ? Quantity.Of(runs.Select(r => r.ManagedBytes!.Value))
            : null);
}
