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
    public void MemoryPoolShared() => Run(MemoryPool<byte>.Shared);

    [Benchmark(OperationsPerInvoke = Rents)]
    public void NativeMemoryPool() => Run(s_pool);

    [Benchmark(OperationsPerInvoke = Rents)]
    public void RecycleOwners() => Run(s_recycling);

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
    public void DotNextUnmanagedMemoryPool() => Run(s_dotNext);

    private static void Run(MemoryPool<byte> pool)
    {
        for (int rent = 0; rent < Rents; rent++)
        {
            using IMemoryOwner<byte> owner = pool.Rent(Length);
            owner.Memory.Span[0] = (byte)rent;
        }
    }
}
