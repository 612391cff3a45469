using System.Buffers;
using System.Runtime.InteropServices;
using BenchmarkDotNet.Attributes;

namespace Quarry.Microbench.Allocation;

/// <summary>
/// Takes a block, writes to it and gives it back; the next pair finds everything in the cache.
/// </summary>
[MemoryDiagnoser]
public unsafe class PairBenchmarks
{
    private const int Pairs = 1000;

    private static readonly Heap s_heap = new();

    [Params(16, 64, 256, 1024, 65536, 131072, 1048576)]
    public int Size { get; set; }

    [Benchmark(Baseline = true, OperationsPerInvoke = Pairs)]
    public void NativeMemoryAlloc()
    {
        for (int pair = 0; pair < Pairs; pair++)
        {
            int* block = (int*)NativeMemory.Alloc((nuint)Size);
            *block = pair;
            NativeMemory.Free(block);
        }
    }

    [Benchmark(OperationsPerInvoke = Pairs)]
    public void ArrayPoolRent()
    {
        for (int pair = 0; pair < Pairs; pair++)
        {
            byte[] array = ArrayPool<byte>.Shared.Rent(Size);
            array[0] = (byte)pair;
            ArrayPool<byte>.Shared.Return(array);
        }
    }

    [Benchmark(OperationsPerInvoke = Pairs)]
    public void HeapAllocate()
    {
        Heap heap = s_heap;
        Layout layout = Layout.Create((nuint)Size, 16);
        for (int pair = 0; pair < Pairs; pair++)
        {
            int* block = (int*)heap.Allocate(layout);
            *block = pair;
            heap.Deallocate(block, layout);
        }
    }
}
