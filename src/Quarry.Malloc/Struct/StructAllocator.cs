using System.Runtime.CompilerServices;

namespace Quarry.Malloc;

/// <summary>An allocator of the library's kind behind malloc: what a project's own image is.</summary>
/// <remarks>
/// What malloc needs and the allocator lacks is put around it: a lock where only one thread may use it at a
/// time, a header where a block's address alone does not tell its size; see <see
/// cref="StructStack{TInner}"/>. The tests are constants, so what is not needed is not there.
/// </remarks>
internal unsafe struct StructAllocator<TAllocator, TFactory> : IProcessAllocator
    where TAllocator : unmanaged, IAllocator
    where TFactory : IAllocatorFactory<TAllocator>
{
    private const nuint Unmade = 0, Making = 1, Made = 2, Failed = 3;

    private static nuint s_state;

    public static bool ZeroReallocAllocates => false;

    private static bool IsThreadSafe => (TAllocator.Traits & AllocatorTraits.ThreadSafe) != 0;

    /// <summary>Makes an allocator that has a lock before the program does anything about forks.</summary>
    /// <remarks>
    /// Of the functions around a fork the first that was registered is called last: those of the program may
    /// allocate, before the lock is taken.
    /// </remarks>
    public static void OnLoad()
    {
        if (!IsThreadSafe)
        {
            _ = IsMade();
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void* Allocate(nuint size, void* thread) => AllocateAligned(size, Block.MinSize, thread);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void* AllocateAligned(nuint size, nuint alignment, void* thread)
    {
        // malloc's blocks suit every type, whatever alignment is asked for.
        if (!Layout.TryCreate(size, alignment < Block.MinSize ? Block.MinSize : alignment, out Layout layout)
            || !IsMade())
        {
            return Standard.Fail(Errno.NoMemory);
        }

        void* block = IsThreadSafe
            ? StructStack<TAllocator>.Allocate(layout)
            : StructStack<Synchronized<TAllocator>>.Allocate(layout);
        return block != null ? block : Standard.Fail(Errno.NoMemory);
    }

    public static void* AllocateZeroed(nuint size, void* thread)
    {
        if (!Layout.TryCreate(size, Block.MinSize, out Layout layout) || !IsMade())
        {
            return Standard.Fail(Errno.NoMemory);
        }

        void* block = IsThreadSafe
            ? StructStack<TAllocator>.AllocateZeroed(layout)
            : StructStack<Synchronized<TAllocator>>.AllocateZeroed(layout);
        return block != null ? block : Standard.Fail(Errno.NoMemory);
    }

    public static void Free(void* block, void* thread)
    {
        if (block == null || !IsOurs(block))
        {
            return;
        }

        if (IsThreadSafe)
        {
            StructStack<TAllocator>.Deallocate(block);
        }
        else
        {
            StructStack<Synchronized<TAllocator>>.Deallocate(block);
        }
    }

    public static void* Reallocate(void* block, nuint size, void* thread)
    {
        if (block == null)
        {
            return Allocate(size, thread);
        }

        void* moved = !IsOurs(block) ? null
            : IsThreadSafe ? StructStack<TAllocator>.Reallocate(block, size)
            : StructStack<Synchronized<TAllocator>>.Reallocate(block, size);
        return moved != null ? moved : Standard.Fail(Errno.NoMemory);
    }

    public static nuint UsableSize(void* block, void* thread) =>
        block == null || !IsOurs(block) ? 0
        : IsThreadSafe ? StructStack<TAllocator>.UsableSize(block)
        : StructStack<Synchronized<TAllocator>>.UsableSize(block);

    /// <summary>
    /// False, and a message, for what somebody else has handed out: ld.so before this image was there, or
    /// nobody. True where the allocator cannot tell.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool IsOurs(void* block)
    {
        if ((TAllocator.Traits & AllocatorTraits.KnowsOwnership) == 0)
        {
            return true;
        }

        bool ours = Atomic.Read(ref s_state) == Made
            && (IsThreadSafe
                ? StructStack<TAllocator>.Owns(block)
                : StructStack<Synchronized<TAllocator>>.Owns(block));
        if (!ours)
        {
            ForeignBlock.Report(block, aborts: false);
        }

        return ours;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool IsMade() => Atomic.Read(ref s_state) == Made || Make();

    /// <summary>
    /// Makes the allocator for the first request; other threads wait, which takes a moment.
    /// </summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static bool Make()
    {
        if (Atomic.TryReplace(ref s_state, Unmade, Making))
        {
            bool made = TryMake();
            Atomic.Write(ref s_state, made ? Made : Failed);
            if (made && !IsThreadSafe)
            {
                // It may allocate, so the allocator is there before.
                LibC.OnFork(&BeforeFork, &AfterFork, &AfterFork);
            }
        }

        while (Atomic.Read(ref s_state) == Making)
        {
            Os.Yield();
        }

        return Atomic.Read(ref s_state) == Made;
    }

    private static bool TryMake()
    {
        if (!TFactory.TryCreate(out TAllocator allocator))
        {
            return false;
        }

        if (IsThreadSafe)
        {
            StructStack<TAllocator>.Set(allocator);
            return true;
        }

        bool made = Synchronized<TAllocator>.TryCreate(allocator, out Synchronized<TAllocator> synchronized);
        StructStack<Synchronized<TAllocator>>.Set(synchronized);
        return made;
    }

    // No other thread is inside the allocator while the process is copied, or it would be there for good in
    // the child.
    private static void BeforeFork() => StructStack<Synchronized<TAllocator>>.Plain.Enter();

    private static void AfterFork() => StructStack<Synchronized<TAllocator>>.Plain.Exit();
}
