using System.Runtime.InteropServices;
using System.Threading;

namespace Quarry.Tests.Buffers;

/// <summary>An allocator for one thread that notices when there are two, and counts.</summary>
internal readonly unsafe struct OneAtATime : IAllocator
{
    private static int s_inside;
    private static int s_intrusions;

    public static int Intrusions => s_intrusions;

    public static nuint BytesInUse { get; private set; }

    public static AllocatorTraits Traits => AllocatorTraits.Deallocates;

    public void* Allocate(Layout layout)
    {
        Enter();
        void* block = NativeMemory.AlignedAlloc(layout.Size, layout.Alignment);
        BytesInUse += layout.Size;
        Leave();
        return block;
    }

    public void* AllocateZeroed(Layout layout) => AllocatorDefaults.AllocateZeroed(this, layout);

    public void Deallocate(void* block, Layout layout)
    {
        Enter();
        NativeMemory.AlignedFree(block);
        BytesInUse -= layout.Size;
        Leave();
    }

    public void* Reallocate(void* block, Layout layout, nuint newSize) =>
        AllocatorDefaults.Reallocate(this, block, layout, newSize);

    public bool TryResize(void* block, Layout layout, nuint newSize) => false;

    public nuint UsableSize(void* block, Layout layout) => layout.Size;

    public bool Owns(void* block) => false;

    public void DeallocateAll()
    {
    }

    private static void Enter()
    {
        if (Interlocked.Exchange(ref s_inside, 1) != 0)
        {
            _ = Interlocked.Increment(ref s_intrusions);
        }
    }

    private static void Leave() => Volatile.Write(ref s_inside, 0);
}
