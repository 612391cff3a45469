using System;
using System.Buffers;
using System.Collections.Concurrent;
using System.Linq;
using Microsoft.AspNetCore.Connections;

namespace Quarry.AspNetCore;

/// <summary>Creates the pools that Kestrel takes its buffers from, all on one heap.</summary>
/// <remarks>Thread-safe. A service, which <c>AddQuarryTransport</c> adds.</remarks>
public sealed class NativeMemoryPoolFactory : IMemoryPoolFactory<byte>, IDisposable
{
    // Kestrel and pipes dispose of each owner once, and use nothing of it afterwards.
    private static readonly NativeMemoryPoolOptions s_options = new() { RecycleOwners = true };

    private readonly ConcurrentBag<NativeMemoryPool<byte, Heap>> _pools = [];

    /// <summary>Gets the heap of the buffers, on which there is nothing else.</summary>
    public Heap Heap { get; } = new();

    /// <summary>Creates a pool, which lives as long as the factory.</summary>
    /// <param name="options">Not used: all pools are alike.</param>
    public MemoryPool<byte> Create(MemoryPoolOptions? options = null)
    {
        NativeMemoryPool<byte, Heap> pool = new(Heap, s_options);
        _pools.Add(pool);
        return pool;
    }

    /// <summary>Gets the sum of the statistics of all pools.</summary>
    public NativeMemoryPoolStatistics GetStatistics() => _pools.Aggregate(
        default(NativeMemoryPoolStatistics), (sum, pool) => sum + pool.GetStatistics());

    /// <summary>Frees the buffers that are not in use, and the heap if none is.</summary>
    /// <remarks>
    /// A handler of a request that goes on after the server has stopped may still hold buffers. The heap is
    /// then left as it is, because freeing it would take memory that is in use.
    /// </remarks>
    public void Dispose()
    {
        foreach (NativeMemoryPool<byte, Heap> pool in _pools)
        {
            pool.Dispose();
        }

        if (GetStatistics().RentedBuffers == 0)
        {
            Heap.Dispose();
        }
    }
}
