namespace Quarry;

/// <summary>A chunk of an arena, without its header.</summary>
/// <param name="start">Where the first block begins, but for padding.</param>
/// <param name="usedBytes">Bytes that blocks and the padding between them take, from the start on.</param>
/// <param name="capacityBytes">Bytes that blocks can take.</param>
public readonly unsafe struct ArenaChunkInfo(void* start, nuint usedBytes, nuint capacityBytes)
{
    /// <summary>Where the first block begins, but for padding.</summary>
    public void* Start { get; } = start;

    /// <summary>Bytes that blocks and the padding between them take, from the start on.</summary>
    public nuint UsedBytes { get; } = usedBytes;

    /// <summary>Bytes that blocks can take.</summary>
    public nuint CapacityBytes { get; } = capacityBytes;
}
