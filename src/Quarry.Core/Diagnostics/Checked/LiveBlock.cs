namespace Quarry;

/// <summary>A block that was taken and not given back.</summary>
public unsafe struct LiveBlock
{
    /// <summary>Where it begins.</summary>
    public void* Address { get; set; }

    /// <summary>What it was taken with.</summary>
    public Layout Layout { get; set; }

    /// <summary>The stack that took it; 0 if it was not kept.</summary>
    public nuint AllocatedAt { get; set; }
}
