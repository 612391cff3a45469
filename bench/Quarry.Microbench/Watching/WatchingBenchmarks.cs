using System.Runtime.CompilerServices;
using BenchmarkDotNet.Attributes;

namespace Quarry.Microbench.Watching;

/// <summary>What tracing into a ring and tracking add to a pair, switched on and off.</summary>
public unsafe class WatchingBenchmarks
{
    private const int Pairs = 1000;

    private static readonly Heap s_heap = new();
    private static readonly Tracing<Heap> s_tracing = new(s_heap, new TraceRing(4096));
    private static readonly Tracked<Heap> s_tracked = new(s_heap, new DeafTracker());
    private static readonly Tracked<Heap> s_switchedOff =
        new(s_heap, new DeafTracker()) { IsEnabled = false };

    [Benchmark(Baseline = true, OperationsPerInvoke = Pairs)]
    public void HeapAlone() => Run(s_heap);

    [Benchmark(OperationsPerInvoke = Pairs)]
    public void TracingIntoARing() => Run(s_tracing);

    [Benchmark(OperationsPerInvoke = Pairs)]
    public void Tracked() => Run(s_tracked);

    [Benchmark(OperationsPerInvoke = Pairs)]
    public void TrackedSwitchedOff() => Run(s_switchedOff);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Run<TAllocator>(TAllocator allocator) where TAllocator : unmanaged, IAllocator
    {
        Layout layout = Layout.Create(64, 16);
        for (int pair = 0; pair < Pairs; pair++)
        {
            int* block = (int*)allocator.Allocate(layout);
            *block = pair;
            allocator.Deallocate(block, layout);
        }
    }

    private sealed class DeafTracker : IAllocationTracker
    {
        public void Allocated(in TrackedBlock block)
        {
        }

        public void Deallocated(in TrackedBlock block, AllocationGroup current)
        {
        }
    }
}
