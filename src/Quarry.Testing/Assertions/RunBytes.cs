namespace Quarry.Testing;

/// <summary>What a run of an action took.</summary>
internal readonly record struct RunBytes(long Managed, long Native = 0)
{
    internal long Total => Managed + Native;

    /// <summary>The larger of two by their totals.</summary>
    internal static RunBytes Max(RunBytes left, RunBytes right) => left.Total >= right.Total ? left : right;
}
