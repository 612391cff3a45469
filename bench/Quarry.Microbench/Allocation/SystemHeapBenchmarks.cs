using System.Runtime.InteropServices;
using BenchmarkDotNet.Attributes;

namespace Quarry.Microbench.Allocation;

/// <summary>malloc and free by NativeMemory, by the allocator over it, and for a box on that one.</summary>
public unsafe class SystemHeapBenchmarks
{
    private const int Pairs = 1000;

    [Benchmark(Baseline = true, OperationsPerInvoke = Pairs)]
    public void NativeMemoryAlloc()
    {
        for (int pair = 0; pair < Pairs; pair++)
        {
            int* block = (int*)NativeMemory.Alloc(48);
            *block = pair;
            NativeMemory.Free(block);
        }
    }

    [Benchmark(OperationsPerInvoke = Pairs)]
    public void SystemHeapAllocate()
    {
        SystemHeap heap = default;
        Layout layout = Layout.Create(48, 16);
        for (int pair = 0; pair < Pairs; pair++)
        {
            int* block = (int*)heap.Allocate(layout);
            *block = pair;
            heap.Deallocate(block, layout);
        }
    }

    [Benchmark(OperationsPerInvoke = Pairs)]
    public void BoxOnSystemHeap()
    {
        for (int pair = 0; pair < Pairs; pair++)
        {
            NativeBox<int, SystemHeap> box = new(default, pair);
            box.Dispose();
        }
    }
}
