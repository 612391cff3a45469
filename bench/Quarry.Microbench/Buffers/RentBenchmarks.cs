using System.Buffers;
using BenchmarkDotNet.Attributes;
using CommunityToolkit.HighPerformance.Buffers;
using DotNextPool = DotNext.Buffers.UnmanagedMemoryPool<byte>;

namespace Quarry.Microbench.Buffers;

/// <summary>Rents a buffer, writes to it, and returns it.</summary>
public class RentBenchmarks
{
    private const int Rents = 1000, Length = 256;

    private static readonly Heap s_heap = new();
    private static readonly NativeMemoryPool<byte, Heap> s_pool = new(s_heap);
    private static readonly NativeMemoryPool<byte, Heap> s_recycling =
        new(s_heap, new NativeMemoryPoolOptions { RecycleOwners = true });
    private static readonly DotNextPool s_dotNext = new(1 << 20);

    [Benchmark(Baseline = true, OperationsPerInvoke = Rents)]
    public void MemoryPoolShared() => Run<SharedPool>();

    [Benchmark(OperationsPerInvoke = Rents)]
    public void NativeMemoryPool() => Run<OwnPool>();

    [Benchmark(OperationsPerInvoke = Rents)]
    public void RecycleOwners() => Run<RecyclingPool>();

    [Benchmark(OperationsPerInvoke = Rents)]
    public void ToolkitMemoryOwner()
    {
        for (int rent = 0; rent < Rents; rent++)
        {
            using MemoryOwner<byte> owner = MemoryOwner<byte>.Allocate(Length);
            owner.Span[0] = (byte)rent;
        }
    }

    [Benchmark(OperationsPerInvoke = Rents)]
    public void DotNextUnmanagedMemoryPool() => Run<DotNextChoice>();

    // Generic by a struct: each pool has calls of its own, as in a program that uses one pool. Else the JIT
    // would inline the pool that runs first, and call the others by dispatch.
    private static void Run<TPool>() where TPool : struct, IPool
    {
        MemoryPool<byte> pool = TPool.Pool;
        for (int rent = 0; rent < Rents; rent++)
        {
            using IMemoryOwner<byte> owner = pool.Rent(Length);
            owner.Memory.Span[0] = (byte)rent;
        }
    }

    private interface IPool
    {
        static abstract MemoryPool<byte> Pool { get; }
    }

    private readonly struct SharedPool : IPool
    {
        public static MemoryPool<byte> Pool => MemoryPool<byte>.Shared;
    }

    private readonly struct OwnPool : IPool
    {
        public static MemoryPool<byte> Pool => s_pool;
    }

    private readonly struct RecyclingPool : IPool
    {
        public static MemoryPool<byte> Pool => s_recycling;
    }

    private readonly struct DotNextChoice : IPool
    {
        public static MemoryPool<byte> Pool => s_dotNext;
    }
}
