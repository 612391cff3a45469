using System;
using System.Runtime.CompilerServices;

namespace Quarry.Malloc;

/// <summary>Implements malloc on a struct that implements <see cref="IAllocator"/>.</summary>
/// <remarks>
/// Adds the features that malloc requires and the allocator lacks: a lock if only one thread may use the
/// allocator at a time, and a header if it does not record the size of its blocks; see
/// <see cref="StructStack{TInner}"/>. The conditions are constants, so the compiler removes unused branches.
/// </remarks>
internal unsafe struct StructAllocator<TAllocator, TFactory> : IProcessAllocator
    where TAllocator : unmanaged, IAllocator
    where TFactory : IAllocatorFactory<TAllocator>
{
    private const nuint NotCreated = 0, Creating = 1, Created = 2, Failed = 3;

    private static nuint s_state;

    // The thread that creates the allocator.
    private static nuint s_creator;

    public static bool ZeroReallocAllocates => false;

    private static bool IsThreadSafe => (TAllocator.Traits & AllocatorTraits.ThreadSafe) != 0;

    /// <summary>Creates an allocator that needs a lock, before the program registers fork handlers.</summary>
    /// <remarks>
    /// Prepare handlers run in reverse order of registration. The handler that acquires the lock must be
    /// registered first, so that the program's handlers can still allocate.
    /// </remarks>
    public static void OnLoad()
    {
        if (!IsThreadSafe)
        {
            _ = EnsureCreated();
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void* Allocate(nuint size, void* thread) => AllocateAligned(size, Block.MinSize, thread);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void* AllocateOr<TSlow>(nuint size, void* thread) where TSlow : struct, ISlowAllocation =>
        TSlow.Allocate(size, thread);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void* AllocateAligned(nuint size, nuint alignment, void* thread)
    {
        // Blocks of malloc are aligned for every type, even if a smaller alignment is requested.
        if (!Layout.TryCreate(size, alignment < Block.MinSize ? Block.MinSize : alignment, out Layout layout)
            || !EnsureCreated())
        {
            return Errno.Fail(Errno.NoMemory);
        }

        void* block = IsThreadSafe
            ? StructStack<TAllocator>.Allocate(layout)
            : StructStack<Synchronized<TAllocator>>.Allocate(layout);
        return block != null ? block : Errno.Fail(Errno.NoMemory);
    }

    public static void* AllocateZeroed(nuint size, void* thread)
    {
        if (!Layout.TryCreate(size, Block.MinSize, out Layout layout) || !EnsureCreated())
        {
            return Errno.Fail(Errno.NoMemory);
        }

        void* block = IsThreadSafe
            ? StructStack<TAllocator>.AllocateZeroed(layout)
            : StructStack<Synchronized<TAllocator>>.AllocateZeroed(layout);
        return block != null ? block : Errno.Fail(Errno.NoMemory);
    }

    public static void* FailOverflow(ReadOnlySpan<byte> function, void* thread) =>
        Errno.Fail(Errno.NoMemory);

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

    public static void FreeSized(void* block, nuint size, nuint alignment, void* thread) =>
        Free(block, thread);

    public static bool Fits(void* block, nuint size, void* thread) => false;

    public static void* Reallocate(void* block, nuint size, void* thread)
    {
        if (block == null)
        {
            return Allocate(size, thread);
        }

        void* moved = !IsOurs(block) ? null
            : IsThreadSafe ? StructStack<TAllocator>.Reallocate(block, size)
            : StructStack<Synchronized<TAllocator>>.Reallocate(block, size);
        return moved != null ? moved : Errno.Fail(Errno.NoMemory);
    }

    public static nuint UsableSize(void* block, void* thread) =>
        block == null || !IsOurs(block) ? 0
        : IsThreadSafe ? StructStack<TAllocator>.UsableSize(block)
        : StructStack<Synchronized<TAllocator>>.UsableSize(block);

    /// <summary>
    /// Determines whether the allocator owns a block, and reports the pointer if not. Foreign blocks exist:
    /// ld.so allocates before the image is loaded. True if the allocator cannot detect them.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool IsOurs(void* block)
    {
        if ((TAllocator.Traits & AllocatorTraits.KnowsOwnership) == 0)
        {
            return true;
        }

        bool ours = Atomic.Read(ref s_state) == Created
            && (IsThreadSafe
                ? StructStack<TAllocator>.Owns(block)
                : StructStack<Synchronized<TAllocator>>.Owns(block));
        if (!ours)
        {
            InvalidPointer.ReportForeign(block, abort: false);
        }

        return ours;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool EnsureCreated() => Atomic.Read(ref s_state) == Created || Create();

    /// <summary>
    /// Creates the allocator for the first request; other threads wait until it is created.
    /// </summary>
    /// <returns>
    /// False if the factory has failed, or if this is a request of the factory itself, which cannot be
    /// served.
    /// </returns>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static bool Create()
    {
        nuint thread = (nuint)Os.ThreadId();
        if (Atomic.TryReplace(ref s_state, NotCreated, Creating))
        {
            Atomic.Write(ref s_creator, thread);
            return Finish();
        }

        while (Atomic.Read(ref s_state) == Creating)
        {
            nuint creator = Atomic.Read(ref s_creator);
            if (creator == thread)
            {
                return false;
            }

            // In the child of a fork, the creating thread does not exist.
            if (creator != 0 && Os.ThreadHasEnded(Os.ProcessId(), (int)creator)
                && Atomic.TryReplace(ref s_creator, creator, thread))
            {
                return Finish();
            }

            Os.Yield();
        }

        return Atomic.Read(ref s_state) == Created;
    }

    private static bool Finish()
    {
        bool created = TryCreate();
        Atomic.Write(ref s_state, created ? Created : Failed);
        if (created && !IsThreadSafe)
        {
            // Registering may allocate, so it must come after the allocator is created.
            LibC.OnFork(&BeforeFork, &AfterFork, &AfterFork);
        }

        return created;
    }

    private static bool TryCreate()
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

        bool created = Synchronized<TAllocator>.TryCreate(allocator, out Synchronized<TAllocator> locked);
        StructStack<Synchronized<TAllocator>>.Set(locked);
        return created;
    }

    // If another thread held the lock during the fork, it would stay locked in the child, where that thread
    // does not exist. Therefore the forking thread holds the lock across the fork.
    private static void BeforeFork() => StructStack<Synchronized<TAllocator>>.Plain.Enter();

    private static void AfterFork() => StructStack<Synchronized<TAllocator>>.Plain.Exit();
}
