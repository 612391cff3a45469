using System.Runtime.CompilerServices;
using System.Threading;
using BenchmarkDotNet.Attributes;

namespace Quarry.Microbench.Watching;

/// <summary>What counting adds to taking a block and giving it back at once.</summary>
public unsafe class CountingPairBenchmarks
{
    private const int Pairs = 1000;

    private static readonly Heap s_heap = new();

    private Counting<Heap> _counting;
    private Counting<Heap> _others;
    private CountingBySize<Heap> _bySize;

    [Params(16, 64, 256, 1024)]
    public int Size { get; set; }

    /// <summary>New counters for each case: their first thread has to be that of the case.</summary>
    [GlobalSetup]
    public void Setup()
    {
        _counting = new Counting<Heap>(s_heap);
        _bySize = new CountingBySize<Heap>(s_heap);
        _others = new Counting<Heap>(s_heap);
        Thread first = new(() => _others.Deallocate(_others.Allocate(Layout.Of<int>()), Layout.Of<int>()));
        first.Start();
        first.Join();
    }

    [Benchmark(Baseline = true, OperationsPerInvoke = Pairs)]
    public void HeapAlone() => Run(s_heap, Size);

    [Benchmark(OperationsPerInvoke = Pairs)]
    public void CountingHeap() => Run(_counting, Size);

    [Benchmark(OperationsPerInvoke = Pairs)]
    public void CountingHeapOfAnotherThread() => Run(_others, Size);

    [Benchmark(OperationsPerInvoke = Pairs)]
    public void CountingBySizeHeap() => Run(_bySize, Size);

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
