using Quarry;

namespace Mistakes;

public unsafe struct Incomplete : IAllocator // members
{
    public static AllocatorTraits Traits => AllocatorTraits.None;

    public void* Allocate(Layout layout) => null;
}
