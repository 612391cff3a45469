namespace Quarry.Testing;

/// <summary>What the allocator under test can be asked for. Sizes are in bytes.</summary>
public struct ConformanceOptions
{
    /// <summary>The <see cref="Capacity"/> of an allocator that has no limit of its own.</summary>
    public const ulong Unlimited = ulong.MaxValue;

    /// <summary>Blocks up to 1 MiB at alignments up to 4096, as many as are asked for.</summary>
    public ConformanceOptions()
    {
        MaxSize = 1 << 20;
        MaxAlignment = 4096;
        Capacity = unchecked((nuint)Unlimited);
        BlockOverhead = 64;
    }

    /// <summary>The largest block that it must serve; 1 MiB unless set.</summary>
    public nuint MaxSize { get; set; }

    /// <summary>The largest alignment that it must serve, a power of two; 4096 unless set.</summary>
    public nuint MaxAlignment { get; set; }

    /// <summary>
    /// What it can surely serve in total; no limit unless set. A block counts with its size, its alignment
    /// and <see cref="BlockOverhead"/> until it is given back, or for good if the allocator does not reuse
    /// memory.
    /// </summary>
    public nuint Capacity { get; set; }

    /// <summary>
    /// What a block may take of the capacity beyond its size and alignment; 64 unless set. For a pool, the
    /// size of its blocks.
    /// </summary>
    public nuint BlockOverhead { get; set; }

    /// <summary>Begins the random sequences; 0, the default, for a new one each time.</summary>
    public int Seed { get; set; }

    internal readonly bool IsLimited => Capacity != unchecked((nuint)Unlimited);
}
