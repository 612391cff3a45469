namespace Quarry;

/// <summary>Where an arena gets its chunks: an allocator of any type, as a value.</summary>
/// <remarks>
/// Chunks are asked for so rarely that an indirect call costs nothing. So the arena needs no type argument
/// for what it stands on, and one type does for all. The allocator itself lies behind a handle of its own,
/// as there is no telling how large it is.
/// </remarks>
internal unsafe struct ArenaSource
{
    private const int HandleWords = 2;

    private fixed ulong _inner[HandleWords];
    private delegate*<void*, Layout, void*> _allocate;
    private delegate*<void*, void*, Layout, void> _deallocate;
    private delegate*<void*, void> _release;

    /// <summary>Makes one; false if the system has no memory.</summary>
    internal static bool TryCreate<TInner>(TInner inner, ArenaSource* source)
        where TInner : unmanaged, IAllocator
    {
        bool created = StateHandle<TInner>.TryCreate(out StateHandle<TInner> handle);
        if (created)
        {
            *handle.Pointer = inner;
            *(StateHandle<TInner>*)source->_inner = handle;
            source->_allocate = &Calls<TInner>.Allocate;
            source->_deallocate = &Calls<TInner>.Deallocate;
            source->_release = &Calls<TInner>.Release;
        }

        return created;
    }

    internal static ArenaChunk* Allocate(ArenaSource* source, nuint size)
    {
        ArenaChunk* chunk = (ArenaChunk*)source->_allocate(source->_inner, ArenaChunk.LayoutOf(size));
        if (chunk != null)
        {
            chunk->Size = size;
        }

        return chunk;
    }

    internal static void Deallocate(ArenaSource* source, ArenaChunk* chunk) =>
        source->_deallocate(source->_inner, chunk, ArenaChunk.LayoutOf(chunk->Size));

    /// <summary>Forgets the allocator, which stays its owner's.</summary>
    internal static void Release(ArenaSource* source) => source->_release(source->_inner);

    private static class Calls<TInner> where TInner : unmanaged, IAllocator
    {
        internal static void* Allocate(void* inner, Layout layout) =>
            ((StateHandle<TInner>*)inner)->Pointer->Allocate(layout);

        internal static void Deallocate(void* inner, void* block, Layout layout) =>
            ((StateHandle<TInner>*)inner)->Pointer->Deallocate(block, layout);

        internal static void Release(void* inner)
        {
            if (((StateHandle<TInner>*)inner)->TryRetire())
            {
                ((StateHandle<TInner>*)inner)->Release();
            }
        }
    }
}
