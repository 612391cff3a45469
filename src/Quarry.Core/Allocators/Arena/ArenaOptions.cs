namespace Quarry;

/// <summary>
/// Represents the options of an arena. <c>new ArenaOptions()</c> has the defaults, which suit most uses.
/// </summary>
public struct ArenaOptions
{
    /// <summary>The value of <see cref="LimitBytes"/> for no limit.</summary>
    public const ulong Unlimited = ulong.MaxValue;

    /// <summary>Initializes a new instance with the default options.</summary>
    public ArenaOptions()
    {
        LimitBytes = unchecked((nuint)Unlimited);
        FirstChunkBytes = 64 << 10;
        MaxChunkBytes = 16 << 20;
        MinAlignment = 1;
    }

    /// <summary>
    /// Gets or sets the maximum total size of the chunks, in bytes; unlimited by default. Not 0.
    /// </summary>
    public nuint LimitBytes { get; set; }

    /// <summary>
    /// Gets or sets the size of the first chunk, in bytes; 64 KiB by default. At least 64, and at most
    /// <see cref="MaxChunkBytes"/>.
    /// </summary>
    public nuint FirstChunkBytes { get; set; }

    /// <summary>
    /// Gets or sets the maximum size of a chunk, in bytes; 16 MiB by default. Each chunk is twice as large as
    /// the one before, up to this size. A larger block gets a chunk of its own size.
    /// </summary>
    public nuint MaxChunkBytes { get; set; }

    /// <summary>
    /// Gets or sets the minimum alignment of all blocks, in bytes; 1 by default. A power of two, at most
    /// <see cref="PageSource.Granularity"/>: the size of a vector or of a cache line, for example.
    /// </summary>
    public nuint MinAlignment { get; set; }

    internal readonly bool AreValid =>
        LimitBytes > 0 && FirstChunkBytes >= MinFirstChunk && FirstChunkBytes <= MaxChunkBytes
        && MaxChunkBytes <= Layout.MaxSize && Layout.IsPowerOfTwo(MinAlignment)
        && MinAlignment <= PageSource.Granularity;

    // Room for the header of the chunk, and for a block.
    private static nuint MinFirstChunk => 64;
}
