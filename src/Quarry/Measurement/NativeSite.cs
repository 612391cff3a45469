using System.Globalization;

namespace Quarry;

/// <summary>What one call stack allocated from a source during a section. Sizes are in bytes.</summary>
public sealed class NativeSite
{
    /// <summary>Gets the stack, from the caller of the allocator outwards.</summary>
    public required AllocationSite Site { get; init; }

    /// <summary>Gets the number of blocks allocated.</summary>
    public required long Allocations { get; init; }

    /// <summary>Gets the number of bytes allocated, by allocating and by growing blocks.</summary>
    public required long AllocatedBytes { get; init; }

    /// <summary>Gets the number of these blocks that are still in use.</summary>
    public required long LeftBlocks { get; init; }

    /// <summary>Gets the number of bytes in the blocks that are still in use.</summary>
    public required long LeftBytes { get; init; }

    /// <summary>Returns the figures and the innermost frame.</summary>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{AllocatedBytes} bytes in {Allocations} {(Allocations == 1 ? "block" : "blocks")}, "
        + $"{LeftBytes} bytes in {LeftBlocks} left{(Site.Frames.Count == 0 ? "" : $", {Site.Frames[0]}")}");
}
