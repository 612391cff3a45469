namespace Quarry;

/// <summary>How an arena is made. The default is the right one for most.</summary>
public struct ArenaOptions
{
    /// <summary>No limit.</summary>
    public const ulong Unlimited = ulong.MaxValue;

    /// <summary>The default options.</summary>
    public ArenaOptions()
    {
        LimitBytes = unchecked((nuint)Unlimited);
        FirstChunkBytes = 64 << 10;
        MaxChunkBytes = 16 << 20;
        MinAlignment = 1;
    }

    /// <summary>The most memory, in bytes, that the chunks may take, all included. Not 0.</summary>
    public nuint LimitBytes { get; set; }

    /// <summary>The size of the first chunk, in bytes; 64 KiB unless set. At least 64.</summary>
    public nuint FirstChunkBytes { get; set; }

    /// <summary>
    /// Each chunk is twice as large as the one before, up to this size, in bytes; 16 MiB unless set. A block
    /// that is larger gets a chunk of its size.
    /// </summary>
    public nuint MaxChunkBytes { get; set; }

    /// <summary>
    /// Every block is aligned to this, in bytes, whatever its layout says; 1 unless set. A power of two, at
    /// most 4096. For vectors, say, or cache lines.
    /// </summary>
    public nuint MinAlignment { get; set; }

    internal readonly bool AreValid =>
        LimitBytes > 0 && FirstChunkBytes >= MinFirstChunk && FirstChunkBytes <= MaxChunkBytes
        && MaxChunkBytes <= Layout.MaxSize && Layout.IsPowerOfTwo(MinAlignment)
        && MinAlignment <= PageSource.Granularity;

    // Room for the header of the chunk, and for a block.
    private static nuint MinFirstChunk => 64;
}
