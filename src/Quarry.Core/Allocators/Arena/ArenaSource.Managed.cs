namespace Quarry;

/// <content>Allocators that can be disposed.</content>
internal unsafe partial struct ArenaSource
{
    private static partial class Calls<TInner> where TInner : unmanaged, IAllocator
    {
        static partial void Observe(TInner inner, ref bool isAlive) => isAlive = Dead.Of(inner) == null;
    }
}
