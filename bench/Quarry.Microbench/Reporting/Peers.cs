namespace Quarry.Microbench.Reporting;

/// <summary>The benchmarks of the comparison with what users would take otherwise.</summary>
internal static class Peers
{
    /// <summary>Patterns of few enough benchmarks for one round in eight minutes.</summary>
    internal static string[] Patterns =>
    [
        "*.PairBenchmarks.*",
        "*.BatchBenchmarks.*",
        "*.SystemHeapBenchmarks.*",
        "*.IndirectPairBenchmarks.*",
        "*.RentBenchmarks.*",
        "*.OutputBenchmarks.*",
        "*.TextBenchmarks.*",
        "*.SmallCollectionBenchmarks.*",
        "*.CreationBenchmarks.*",
    ];
}
