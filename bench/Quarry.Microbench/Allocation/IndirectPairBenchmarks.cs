using BenchmarkDotNet.Attributes;

namespace Quarry.Microbench.Allocation;

/// <summary>Pairs of requests to a heap directly, behind an erased type, and to two heaps in turn.</summary>
public unsafe class IndirectPairBenchmarks
{
    private const int Pairs = 1000;

    private static readonly Heap s_heap = new();
    private static readonly Heap s_other = new();
    private static readonly AnyAllocator s_any = AnyAllocator.Create(s_heap);

    [Benchmark(Baseline = true, OperationsPerInvoke = Pairs)]
    public void HeapDirectly() => Run(s_heap);

    [Benchmark(OperationsPerInvoke = Pairs)]
    public void AnyAllocatorOfHeap() => Run(s_any);

    [Benchmark(OperationsPerInvoke = Pairs)]
    public void TwoHeapsInTurn()
    {
        Heap first = s_heap, second = s_other;
        Layout layout = Layout.Create(48, 16);
        for (int pair = 0; pair < Pairs; pair += 2)
        {
            int* one = (int*)first.Allocate(layout), two = (int*)second.Allocate(layout);
            *one = pair;
            *two = pair;
            first.Deallocate(one, layout);
            second.Deallocate(two, layout);
        }
    }

    private static void Run<TAllocator>(TAllocator allocator) where TAllocator : unmanaged, IAllocator
    {
        Layout layout = Layout.Create(48, 16);
        for (int pair = 0; pair < Pairs; pair++)
        {
            int* block = (int*)allocator.Allocate(layout);
            *block = pair;
            allocator.Deallocate(block, layout);
        }
    }
}
