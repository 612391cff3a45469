using System.Buffers;
using System.Runtime.InteropServices;
using BenchmarkDotNet.Attributes;

namespace Quarry.Microbench.Allocation;

/// <summary>
/// Takes 256 blocks before it gives the first one back, as a request that builds something does.
/// </summary>
[MemoryDiagnoser]
public unsafe class BatchBenchmarks
{
    private const int Blocks = 256;

    private static readonly Heap s_heap = new();

    private readonly nint[] _blocks = new nint[Blocks];
    private readonly byte[][] _arrays = new byte[Blocks][];

    [Params(16, 64, 256, 1024)]
    public int Size { get; set; }

    [Benchmark(Baseline = true, OperationsPerInvoke = Blocks)]
    public void NativeMemoryAlloc()
    {
        for (int block = 0; block < Blocks; block++)
        {
            _blocks[block] = (nint)NativeMemory.Alloc((nuint)Size);
            *(int*)_blocks[block] = block;
        }

        for (int block = 0; block < Blocks; block++)
        {
            NativeMemory.Free((void*)_blocks[block]);
        }
    }

    [Benchmark(OperationsPerInvoke = Blocks)]
    public void ArrayPoolRent()
    {
        for (int block = 0; block < Blocks; block++)
        {
            _arrays[block] = ArrayPool<byte>.Shared.Rent(Size);
            _arrays[block][0] = (byte)block;
        }

        for (int block = 0; block < Blocks; block++)
        {
            ArrayPool<byte>.Shared.Return(_arrays[block]);
        }
    }

    [Benchmark(OperationsPerInvoke = Blocks)]
    public void HeapAllocate()
    {
        Heap heap = s_heap;
        Layout layout = Layout.Create((nuint)Size, 16);
        for (int block = 0; block < Blocks; block++)
        {
            _blocks[block] = (nint)heap.Allocate(layout);
            *(int*)_blocks[block] = block;
        }

        for (int block = 0; block < Blocks; block++)
        {
            heap.Deallocate((void*)_blocks[block], layout);
        }
    }
}
