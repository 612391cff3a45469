namespace Quarry;

/// <summary>The figures of a <see cref="NativeMemoryPool{T, TAllocator}"/> at a moment.</summary>
/// <remarks>Each is exact; while other threads rent, they may be of slightly different moments.</remarks>
public readonly record struct NativeMemoryPoolStatistics
{
    /// <summary>How often a buffer was rented.</summary>
    public long Rents { get; init; }

    /// <summary>How many of the rents took a buffer that the pool had.</summary>
    public long Hits { get; init; }

    /// <summary>Buffers that are rented now.</summary>
    public long RentedBuffers { get; init; }

    /// <summary>Bytes that are rented now.</summary>
    public nuint RentedBytes { get; init; }

    /// <summary>Buffers that the pool keeps for later.</summary>
    public long PooledBuffers { get; init; }

    /// <summary>Bytes that the pool keeps for later.</summary>
    public nuint PooledBytes { get; init; }

    /// <summary>Both kinds of figures together.</summary>
    public static NativeMemoryPoolStatistics operator +(
        NativeMemoryPoolStatistics left, NativeMemoryPoolStatistics right) => new()
        {
            Rents = left.Rents + right.Rents,
            Hits = left.Hits + right.Hits,
            RentedBuffers = left.RentedBuffers + right.RentedBuffers,
            RentedBytes = left.RentedBytes + right.RentedBytes,
            PooledBuffers = left.PooledBuffers + right.PooledBuffers,
            PooledBytes = left.PooledBytes + right.PooledBytes,
        };
}
