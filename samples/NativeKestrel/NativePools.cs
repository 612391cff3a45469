using System.Buffers;
using System.Collections.Concurrent;
using System.Linq;
using Microsoft.AspNetCore.Connections;
using Quarry;

namespace NativeKestrel;

/// <summary>Gives Kestrel pools of native memory: one to each endpoint that it listens at.</summary>
internal sealed class NativePools : IMemoryPoolFactory<byte>
{
    // Kestrel disposes each owner once, and nothing of it is used afterwards.
    private static readonly NativeMemoryPoolOptions s_options = new() { RecycleOwners = true };

    private readonly ConcurrentBag<NativeMemoryPool<byte, Heap>> _pools = [];

    /// <summary>The heap that all buffers come from; its own, so that its figures are theirs.</summary>
    public Heap Heap { get; } = Heap.Create();

    public MemoryPool<byte> Create(MemoryPoolOptions? options = null) => Create();

    public NativeMemoryPool<byte, Heap> Create()
    {
        var pool = new NativeMemoryPool<byte, Heap>(Heap, s_options);
        _pools.Add(pool);
        return pool;
    }

    /// <summary>The figures of all pools together.</summary>
    public NativeMemoryPoolStatistics GetStatistics() => _pools.Aggregate(
        default(NativeMemoryPoolStatistics), (sum, pool) => sum + pool.GetStatistics());
}
