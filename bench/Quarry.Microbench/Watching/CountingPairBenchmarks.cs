using System.Runtime.CompilerServices;
using BenchmarkDotNet.Attributes;

namespace Quarry.Microbench.Watching;

/// <summary>What counting adds to taking a block and giving it back at once.</summary>
public unsafe class CountingPairBenchmarks
{
    private const int Pairs = 1000;

    private static readonly Heap s_heap = Heap.Create();
    private static readonly Counting<Heap> s_counting = new(s_heap);
    private static readonly CountingBySize<Heap> s_bySize = new(s_heap);

    [Params(16, 64, 256, 1024)]
    public int Size { get; set; }

    [Benchmark(Baseline = true, OperationsPerInvoke = Pairs)]
    public void HeapAlone() => Run(s_heap, Size);

    [Benchmark(OperationsPerInvoke = Pairs)]
    public void CountingHeap() => Run(s_counting, Size);

    [Benchmark(OperationsPerInvoke = Pairs)]
    public void CountingBySizeHeap() => Run(s_bySize, Size);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Run<TAllocator>(TAllocator allocator, int size)
        where TAllocator : unmanaged, IAllocator
    {
        Layout layout = Layout.Create((nuint)size, 16);
        for (int pair = 0; pair < Pairs; pair++)
        {
            int* block = (int*)allocator.Allocate(layout);
            *block = pair;
            allocator.Deallocate(block, layout);
        }
    }
}
