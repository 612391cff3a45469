using System.Runtime.CompilerServices;

namespace Quarry.Malloc;

/// <summary>An allocator of the library's kind behind malloc: what a project's own image is.</summary>
/// <remarks>
/// What malloc needs and the allocator lacks is put around it: a header with the size where the address alone
/// does not tell it (see <see cref="Sized{TInner}"/>), a lock where only one thread may use it at a time (see
/// <see cref="Synchronized{TInner}"/>). The tests are constants, so what is not needed is not there.
/// </remarks>
internal unsafe struct StructAllocator<TAllocator, TFactory> : IProcessAllocator
    where TAllocator : unmanaged, IAllocator
    where TFactory : IAllocatorFactory<TAllocator>
{
    // malloc's blocks suit every type, the vectors of 16 bytes included.
    private const nuint Alignment = 16;

    private const nuint Unmade = 0, Making = 1, Made = 2, Failed = 3;

    private static nuint s_state;
    private static TAllocator s_allocator;
    private static Synchronized<TAllocator> s_synchronized;

    public static bool ZeroReallocAllocates => false;

    private static bool KnowsSize => (TAllocator.Traits & AllocatorTraits.KnowsSize) != 0;

    private static bool IsThreadSafe => (TAllocator.Traits & AllocatorTraits.ThreadSafe) != 0;

    public static void* Allocate(nuint size, void* thread) => AllocateAligned(size, Alignment, thread);

    public static void* AllocateAligned(nuint size, nuint alignment, void* thread)
    {
        if (!Layout.TryCreate(size, alignment < Alignment ? Alignment : alignment, out Layout layout)
            || !IsMade())
        {
            return Standard.Fail(Errno.NoMemory);
        }

        void* block = IsThreadSafe
            ? Sizes<TAllocator>.Allocate(s_allocator, layout)
            : Sizes<Synchronized<TAllocator>>.Allocate(s_synchronized, layout);
        return block != null ? block : Standard.Fail(Errno.NoMemory);
    }

    public static void* AllocateZeroed(nuint size, void* thread)
    {
        if (!Layout.TryCreate(size, Alignment, out Layout layout) || !IsMade())
        {
            return Standard.Fail(Errno.NoMemory);
        }

        void* block = IsThreadSafe
            ? Sizes<TAllocator>.AllocateZeroed(s_allocator, layout)
            : Sizes<Synchronized<TAllocator>>.AllocateZeroed(s_synchronized, layout);
        return block != null ? block : Standard.Fail(Errno.NoMemory);
    }

    public static void Free(void* block, void* thread)
    {
        if (block == null)
        {
            return;
        }

        if (IsThreadSafe)
        {
            Sizes<TAllocator>.Deallocate(s_allocator, block);
        }
        else
        {
            Sizes<Synchronized<TAllocator>>.Deallocate(s_synchronized, block);
        }
    }

    public static void* Reallocate(void* block, nuint size, void* thread)
    {
        if (block == null)
        {
            return Allocate(size, thread);
        }

        void* moved = IsThreadSafe
            ? Sizes<TAllocator>.Reallocate(s_allocator, block, size)
            : Sizes<Synchronized<TAllocator>>.Reallocate(s_synchronized, block, size);
        return moved != null ? moved : Standard.Fail(Errno.NoMemory);
    }

    public static nuint UsableSize(void* block, void* thread) =>
        block == null ? 0
        : IsThreadSafe ? Sizes<TAllocator>.UsableSize(s_allocator, block)
        : Sizes<Synchronized<TAllocator>>.UsableSize(s_synchronized, block);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool IsMade() => Atomic.Read(ref s_state) == Made || Make();

    /// <summary>Makes the allocator for the first request; other threads wait, which takes a moment.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static bool Make()
    {
        if (Atomic.TryReplace(ref s_state, Unmade, Making))
        {
            bool made = TFactory.TryCreate(out s_allocator)
                && (IsThreadSafe || Synchronized<TAllocator>.TryCreate(s_allocator, out s_synchronized));
            Atomic.Write(ref s_state, made ? Made : Failed);
        }

        while (Atomic.Read(ref s_state) == Making)
        {
            Os.Yield();
        }

        return Atomic.Read(ref s_state) == Made;
    }

    /// <summary>Calls that know a block by its address, with a header where there has to be one.</summary>
    private static class Sizes<TInner> where TInner : unmanaged, IAllocator
    {
        internal static void* Allocate(TInner inner, Layout layout) => KnowsSize
            ? inner.Allocate(layout)
            : new Sized<TInner>(inner).Allocate(layout);

        internal static void* AllocateZeroed(TInner inner, Layout layout) => KnowsSize
            ? inner.AllocateZeroed(layout)
            : new Sized<TInner>(inner).AllocateZeroed(layout);

        internal static void Deallocate(TInner inner, void* block)
        {
            if (KnowsSize)
            {
                inner.Deallocate(block, default);
            }
            else
            {
                new Sized<TInner>(inner).Deallocate(block, default);
            }
        }

        internal static void* Reallocate(TInner inner, void* block, nuint size)
        {
            _ = Layout.TryCreate(0, Alignment, out Layout unknown);
            return KnowsSize
                ? inner.Reallocate(block, unknown, size)
                : new Sized<TInner>(inner).Reallocate(block, unknown, size);
        }

        internal static nuint UsableSize(TInner inner, void* block) => KnowsSize
            ? inner.UsableSize(block, default)
            : new Sized<TInner>(inner).UsableSize(block, default);
    }
}
