namespace Quarry;

/// <summary>The allocator of an arena's chunks, with its type erased.</summary>
/// <remarks>
/// Chunks are allocated so rarely that an indirect call costs nothing, and so an arena needs no type argument
/// for its inner allocator. The size of that allocator is unknown here, so it is stored in a state of its
/// own.
/// </remarks>
internal unsafe partial struct ArenaSource
{
    private const int HandleWords = 2;

    private fixed ulong _inner[HandleWords];
    private delegate*<void*, Layout, void*> _allocate;
    private delegate*<void*, void*, Layout, void> _deallocate;
    private delegate*<void*, bool> _isAlive;
    private delegate*<void*, void> _dispose;

    /// <summary>Stores an allocator; <see langword="false"/> if the system is out of memory.</summary>
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
            source->_isAlive = &Calls<TInner>.IsAlive;
            source->_dispose = &Calls<TInner>.Dispose;
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

    /// <summary>Determines whether the allocator is alive, as far as that is known.</summary>
    internal static bool IsAlive(ArenaSource* source) => source->_isAlive(source->_inner);

    /// <summary>
    /// Frees the memory in which the allocator is stored. The allocator itself is not disposed.
    /// </summary>
    internal static void Dispose(ArenaSource* source) => source->_dispose(source->_inner);

    private static partial class Calls<TInner> where TInner : unmanaged, IAllocator
    {
        internal static void* Allocate(void* inner, Layout layout) =>
            ((StateHandle<TInner>*)inner)->Pointer->Allocate(layout);

        internal static void Deallocate(void* inner, void* block, Layout layout) =>
            ((StateHandle<TInner>*)inner)->Pointer->Deallocate(block, layout);

        internal static bool IsAlive(void* inner)
        {
            bool isAlive = true;
            Observe(*((StateHandle<TInner>*)inner)->Pointer, ref isAlive);
            return isAlive;
        }

        internal static void Dispose(void* inner)
        {
            if (((StateHandle<TInner>*)inner)->TryRetire())
            {
                ((StateHandle<TInner>*)inner)->Release();
            }
        }

        // In the library, allocators report whether they were disposed.
        static partial void Observe(TInner inner, ref bool isAlive);
    }
}
