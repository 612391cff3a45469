using System.Numerics;

namespace Quarry;

/// <summary>
/// Blocks by size: a class for each power of two, a side for one thread and a side for all others.
/// </summary>
internal unsafe struct SizeCounters
{
    internal const int Classes = 64;

    private const int Taken = 0, Given = 1, Kinds = 2;

    private nuint _owner;
    private fixed ulong _owners[Classes * Kinds];
    private fixed ulong _others[Classes * Kinds];

    /// <summary>Counts a block that was taken.</summary>
    internal static void Add<TInner>(StateHandle<SizeCounters> handle, nuint size)
        where TInner : unmanaged, IAllocator => Count<TInner>(handle, ClassOf(size), Taken, 1);

    /// <summary>Counts a block that is about to be given back.</summary>
    internal static void Remove<TInner>(StateHandle<SizeCounters> handle, nuint size)
        where TInner : unmanaged, IAllocator => Count<TInner>(handle, ClassOf(size), Given, 1);

    /// <summary>Counts a block that was resized.</summary>
    internal static void Resize<TInner>(StateHandle<SizeCounters> handle, nuint size, nuint newSize)
        where TInner : unmanaged, IAllocator
    {
        if (ClassOf(size) != ClassOf(newSize))
        {
            Remove<TInner>(handle, size);
            Add<TInner>(handle, newSize);
        }
    }

    /// <summary>Counts all blocks as given back.</summary>
    internal static void RemoveAll<TInner>(StateHandle<SizeCounters> handle) where TInner : unmanaged, IAllocator
    {
        for (int index = 0; handle.IsAlive && index < Classes; index++)
        {
            Count<TInner>(handle, index, Given, (nuint)handle.Pointer->Read(index).CurrentBlocks);
        }
    }

    /// <summary>The figures of a class.</summary>
    internal SizeStatistics Read(int index)
    {
        // What was given back first: of a block that comes and goes meanwhile, rather the coming.
        ulong given = Sum((index * Kinds) + Given);
        ulong taken = Sum((index * Kinds) + Taken);
        return new SizeStatistics
        {
            MaxSize = index == Classes - 1 ? Layout.MaxSize : (nuint)1 << index,
            Allocations = (long)taken,
            CurrentBlocks = (long)(taken - given),
        };
    }

    private static int ClassOf(nuint size) => size <= 1 ? 0 : BitOperations.Log2((ulong)size - 1) + 1;

    private static void Count<TInner>(StateHandle<SizeCounters> handle, int index, int kind, nuint blocks)
        where TInner : unmanaged, IAllocator
    {
        SizeCounters* table = handle.Pointer;
        int at = (index * Kinds) + kind;
        if (BiasedOwner.Key<TInner>(handle.Serial) == table->_owner
            || (handle.IsAlive && BiasedOwner.TryClaim<TInner>(ref table->_owner, handle.Serial)))
        {
            table->_owners[at] += blocks;
        }
        else if (handle.IsAlive)
        {
            _ = Atomic.Add(ref ((nuint*)table->_others)[at], blocks);
        }
    }

    private ulong Sum(int at) => Atomic.Read(ref _owners[at]) + Atomic.Read(ref _others[at]);
}
