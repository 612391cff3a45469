using System.Runtime.CompilerServices;
using BenchmarkDotNet.Attributes;

namespace Quarry.Microbench.Watching;

/// <summary>What counting adds when 256 blocks are taken before the first one is given back.</summary>
public unsafe class CountingBatchBenchmarks
{
    private const int Blocks = 256;

    private static readonly Heap s_heap = new();
    private static readonly nint[] s_blocks = new nint[Blocks];

    private Counting<Heap> _counting;

    [Params(16, 64, 256, 1024)]
    public int Size { get; set; }

    /// <summary>New counters for each case: their first thread has to be that of the case.</summary>
    [GlobalSetup]
    public void Setup() => _counting = new Counting<Heap>(s_heap);

    [Benchmark(Baseline = true, OperationsPerInvoke = Blocks)]
    public void HeapAlone() => Run(s_heap, Size);

    [Benchmark(OperationsPerInvoke = Blocks)]
    public void CountingHeap() => Run(_counting, Size);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Run<TAllocator>(TAllocator allocator, int size)
        where TAllocator : unmanaged, IAllocator
    {
        Layout layout = Layout.Create((nuint)size, 16);
        nint[] blocks = s_blocks;
        for (int block = 0; block < blocks.Length; block++)
        {
            blocks[block] = (nint)allocator.Allocate(layout);
            *(int*)blocks[block] = block;
        }

        for (int block = 0; block < blocks.Length; block++)
        {
            allocator.Deallocate((void*)blocks[block], layout);
        }
    }
}
