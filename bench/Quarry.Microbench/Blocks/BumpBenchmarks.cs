using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using BenchmarkDotNet.Attributes;

namespace Quarry.Microbench.Blocks;

/// <summary>
/// Taking blocks of 24 bytes, each linked to the one before, beside the least that it could cost: a pointer
/// in memory that is raised and compared with a limit.
/// </summary>
public unsafe class BumpBenchmarks
{
    private const int Blocks = 10_000;
    private const int Capacity = Blocks * 32;

    private Pointer* _pointer;
    private Bump<Local> _local;
    private Bump<Shared> _shared;
    private Arena _arena;

    [GlobalSetup]
    public void Setup()
    {
        _pointer = (Pointer*)NativeMemory.AllocZeroed((nuint)sizeof(Pointer) + Capacity);
        _pointer->End = (byte*)(_pointer + 1) + Capacity;
        _local = new Bump<Local>();
        _shared = new Bump<Shared>();
        _arena = new Arena(new ArenaOptions { FirstChunkBytes = Capacity, MaxChunkBytes = Capacity });
    }

    [GlobalCleanup]
    public void Cleanup()
    {
        NativeMemory.Free(_pointer);
        _local.Dispose();
        _shared.Dispose();
        _arena.Dispose();
    }

    [Benchmark(Baseline = true, OperationsPerInvoke = Blocks)]
    public void* BarePointer()
    {
        Pointer* pointer = _pointer;
        pointer->Next = (byte*)(pointer + 1);
        Block* last = null;
        for (int count = 0; count < Blocks; count++)
        {
            Block* block = (Block*)Pointer.Take(pointer, (nuint)sizeof(Block));
            block->Previous = last;
            last = block;
        }

        return last;
    }

    [Benchmark(OperationsPerInvoke = Blocks)]
    public void* ArenaLocal()
    {
        _arena.Reset(Retention.All);
        return Fill(_arena);
    }

    [Benchmark(OperationsPerInvoke = Blocks)]
    public void* BumpLocal()
    {
        _local.Reset();
        return Fill(_local);
    }

    [Benchmark(OperationsPerInvoke = Blocks)]
    public void* BumpShared()
    {
        _shared.Reset();
        return Fill(_shared);
    }

    private static Block* Fill<TAllocator>(TAllocator allocator) where TAllocator : unmanaged, IAllocator
    {
        Block* last = null;
        for (int count = 0; count < Blocks; count++)
        {
            Block* block = (Block*)allocator.Allocate(Layout.Of<Block>());
            block->Previous = last;
            last = block;
        }

        return last;
    }

    [StructLayout(LayoutKind.Sequential, Size = 24)]
    private struct Block
    {
        public Block* Previous;
    }

    /// <summary>The yardstick. Blocks follow; nothing is aligned, so sizes are multiples of 8.</summary>
    private struct Pointer
    {
        public byte* Next;
        public byte* End;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static void* Take(Pointer* pointer, nuint size)
        {
            byte* start = pointer->Next;
            byte* end = start + size;
            if (end > pointer->End)
            {
                return Refuse();
            }

            pointer->Next = end;
            return start;
        }

        [MethodImpl(MethodImplOptions.NoInlining)]
        private static void* Refuse() => null;
    }
}
