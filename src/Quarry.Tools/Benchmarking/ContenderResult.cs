using System.Collections.Generic;
using System.Linq;

namespace Quarry.Tools.Benchmarking;

/// <summary>What one contender reached, or why it is out.</summary>
internal sealed record ContenderResult
{
    public required string Name { get; init; }

    public required string? Library { get; init; }

    /// <summary>What went wrong in the run that failed; its figures are then all null.</summary>
    public string? Failure { get; init; }

    /// <summary>In seconds.</summary>
    public Sample? Wall { get; init; }

    /// <summary>User and system together, in seconds.</summary>
    public Sample? Cpu { get; init; }

    /// <summary>Peak resident size of the largest process, in bytes.</summary>
    public Sample? Peak { get; init; }

    internal static ContenderResult Failed(Contender contender, string failure) =>
        new() { Name = contender.Name, Library = contender.Library, Failure = failure };

    internal static ContenderResult Of(Contender contender, IReadOnlyList<Measurement> runs) => new()
    {
        Name = contender.Name,
        Library = contender.Library,
        Wall = Sample.Of(runs.Select(r => r.Wall.TotalSeconds)),
        Cpu = Sample.Of(runs.Select(r => r.Cpu.TotalSeconds)),
        Peak = Sample.Of(runs.Select(r => (double)r.Peak)),
    };
}
