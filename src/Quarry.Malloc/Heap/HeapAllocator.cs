using System;
using System.Runtime.CompilerServices;

namespace Quarry.Malloc;

/// <summary>Implements malloc on the general-purpose heap, in <c>libquarry.so</c>.</summary>
internal unsafe struct HeapAllocator : IProcessAllocator
{
    public static bool ZeroReallocAllocates => Options.ZeroReallocAllocates;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void* Allocate(nuint size, void* thread) => Frontend.Allocate(size, (ThreadHeap*)thread);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void* AllocateOr<TSlow>(nuint size, void* thread) where TSlow : struct, ISlowAllocation =>
        Frontend.AllocateOr<TSlow>(size, (ThreadHeap*)thread);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void* AllocateAligned(nuint size, nuint alignment, void* thread) =>
        Frontend.AllocateAligned(size, alignment, (ThreadHeap*)thread);

    public static void* AllocateZeroed(nuint size, void* thread) =>
        Frontend.AllocateZeroed(size, SmallSizes<Geometry>.Quantum, (ThreadHeap*)thread);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Free(void* block, void* thread) => Frontend.Free(block, (ThreadHeap*)thread);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void FreeSized(void* block, nuint size, nuint alignment, void* thread) =>
        Frontend.FreeSized(block, size, alignment, (ThreadHeap*)thread);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Fits(void* block, nuint size, void* thread) =>
        Frontend.Fits(block, size, (ThreadHeap*)thread);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void* Reallocate(void* block, nuint size, void* thread) =>
        Frontend.ReallocateSlow(block, size, (ThreadHeap*)thread);

    public static void* FailOverflow(ReadOnlySpan<byte> function, void* thread)
    {
        // This may be the first call of the process, before the options were read.
        _ = ProcessHeap.Ensure((ThreadHeap*)thread);
        HeapCallbacks.OnOverflow(function);
        return Errno.Fail(Errno.NoMemory);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static nuint UsableSize(void* block, void* thread) =>
        Frontend.UsableSize(block, (ThreadHeap*)thread);
}
