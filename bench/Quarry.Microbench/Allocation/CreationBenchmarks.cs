using BenchmarkDotNet.Attributes;

namespace Quarry.Microbench.Allocation;

/// <summary>Creates an allocator, allocates one block, and disposes of the allocator.</summary>
public unsafe class CreationBenchmarks
{
    private static readonly Layout s_layout = Layout.Create(48, 16);

    [Benchmark(Baseline = true)]
    public void NewArena()
    {
        using Arena arena = new();
        *(int*)arena.Allocate(s_layout) = 1;
    }

    [Benchmark]
    public void NewBump()
    {
        using Bump<Local> bump = new();
        *(int*)bump.Allocate(s_layout) = 1;
    }

    [Benchmark]
    public void NewHeap()
    {
        using Heap heap = new();
        *(int*)heap.Allocate(s_layout) = 1;
    }
}
