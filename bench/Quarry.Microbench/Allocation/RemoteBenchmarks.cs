using System;
using System.Runtime.InteropServices;
using System.Threading;
using BenchmarkDotNet.Attributes;

namespace Quarry.Microbench.Allocation;

/// <summary>
/// Four threads in a ring: each takes blocks of 16 to 1024 bytes and gives back those of its neighbour.
/// </summary>
public unsafe class RemoteBenchmarks
{
    // Long phases, so that waiting for one another is a small part of the time.
    private const int Threads = 4, Phases = 40, Blocks = 4096;
    private const int Operations = Threads * Phases * Blocks;

    private static readonly Heap s_heap = new();

    private interface ISource
    {
        static abstract void* Allocate(nuint size);

        static abstract void Free(void* block, nuint size);
    }

    [Benchmark(Baseline = true, OperationsPerInvoke = Operations)]
    public void NativeMemoryAlloc() => Run<NativeSource>();

    [Benchmark(OperationsPerInvoke = Operations)]
    public void HeapAllocate() => Run<HeapSource>();

    private static void Run<TSource>() where TSource : ISource
    {
        nint[][] handed = new nint[Threads][];
        Thread[] threads = new Thread[Threads];
        using Barrier barrier = new(Threads);
        for (int index = 0; index < Threads; index++)
        {
            nint[] mine = handed[index] = new nint[Blocks];
            int neighbour = (index + 1) % Threads;
            threads[index] = new Thread(() =>
            {
                for (int phase = 0; phase < Phases; phase++)
                {
                    Take<TSource>(mine);
                    barrier.SignalAndWait();
                    Give<TSource>(handed[neighbour]);
                    barrier.SignalAndWait();
                }
            });
        }

        Array.ForEach(threads, thread => thread.Start());
        Array.ForEach(threads, thread => thread.Join());
    }

    private static void Take<TSource>(nint[] blocks) where TSource : ISource
    {
        for (int block = 0; block < blocks.Length; block++)
        {
            void* taken = TSource.Allocate(SizeOf(block));
            *(int*)taken = block;
            blocks[block] = (nint)taken;
        }
    }

    private static void Give<TSource>(nint[] blocks) where TSource : ISource
    {
        for (int block = 0; block < blocks.Length; block++)
        {
            TSource.Free((void*)blocks[block], SizeOf(block));
        }
    }

    private static nuint SizeOf(int block) => (nuint)16 << (block % 7);

    private readonly struct NativeSource : ISource
    {
        public static void* Allocate(nuint size) => NativeMemory.Alloc(size);

        public static void Free(void* block, nuint size) => NativeMemory.Free(block);
    }

    private readonly struct HeapSource : ISource
    {
        public static void* Allocate(nuint size) => s_heap.Allocate(Layout.Create(size, 16));

        public static void Free(void* block, nuint size) => s_heap.Deallocate(block, Layout.Create(size, 16));
    }
}
