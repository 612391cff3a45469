namespace Quarry;

/// <summary>
/// Represents the options of an arena. The defaults suit most uses; 0 stands for the default of an option.
/// </summary>
public struct ArenaOptions
{
    /// <summary>Initializes a new instance with the default options.</summary>
    public ArenaOptions()
    {
        FirstChunkBytes = DefaultFirstChunk;
        MaxChunkBytes = DefaultMaxChunk;
        MinAlignment = 1;
    }

    /// <summary>
    /// Gets or sets the maximum total size of the chunks, in bytes; 0, the default, for no limit.
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
        FirstChunkBytes >= MinFirstChunk && FirstChunkBytes <= MaxChunkBytes
        && MaxChunkBytes <= Layout.MaxSize && Layout.IsPowerOfTwo(MinAlignment)
        && MinAlignment <= PageSource.Granularity;

    // Room for the header of the chunk, and for a block.
    private static nuint MinFirstChunk => 64;

    private static nuint DefaultFirstChunk => 64 << 10;

    private static nuint DefaultMaxChunk => 16 << 20;

    /// <summary>Returns these options with each 0 replaced by what it stands for.</summary>
    internal readonly ArenaOptions OrDefaults() => new()
    {
        LimitBytes = LimitBytes == 0 ? nuint.MaxValue : LimitBytes,
        FirstChunkBytes = FirstChunkBytes == 0 ? DefaultFirstChunk : FirstChunkBytes,
        MaxChunkBytes = MaxChunkBytes == 0 ? DefaultMaxChunk : MaxChunkBytes,
        MinAlignment = MinAlignment == 0 ? 1 : MinAlignment,
    };
}
