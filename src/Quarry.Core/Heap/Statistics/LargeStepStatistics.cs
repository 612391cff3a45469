namespace Quarry;

/// <summary>The large and huge blocks of one of the <see cref="LargeSteps"/>.</summary>
internal struct LargeStepStatistics
{
    /// <summary>The number of blocks in use.</summary>
    public nuint InUse;

    /// <summary>The number of blocks ever allocated, or resized to the step.</summary>
    public nuint Allocations;

    /// <summary>The number of blocks ever freed, or resized to another step.</summary>
    public nuint Frees;

    internal void Add(in LargeStepStatistics other)
    {
        InUse += other.InUse;
        Allocations += other.Allocations;
        Frees += other.Frees;
    }
}
