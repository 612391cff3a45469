namespace Quarry;

/// <summary>A source during a section.</summary>
internal sealed class SourceWatch(MemorySource source, AllocationCounts start)
{
    /// <summary>The figures at the beginning.</summary>
    internal AllocationCounts Start { get; } = start;

    /// <summary>The most bytes in use so far, those included that were in use at the beginning.</summary>
    internal long Peak { get; set; } = start.CurrentBytes;

    /// <summary>What was taken, once the section has ended.</summary>
    internal NativeUse Use { get; private set; }

    internal void End()
    {
        AllocationCounts used = source.End(this);
        Use = new NativeUse
        {
            Name = source.Name,
            IsExact = source.IsExact,
            Counts = used,
            PeakBytes = Peak - Start.CurrentBytes,
        };
    }
}
