namespace Quarry.Malloc;

/// <summary>What the samples in use stand for.</summary>
internal struct LeakTotals
{
    internal double Bytes;

    /// <summary>The number of blocks, in fixed point.</summary>
    internal ulong Blocks;

    /// <summary>The number of call stacks.</summary>
    internal ulong Contexts;
}
