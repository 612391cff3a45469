using System.Numerics;

namespace Quarry;

/// <summary>
/// The counters of <see cref="CountingBySize{TInner}"/>: one set for the owner thread, one set for all other
/// threads; see <see cref="BiasedOwner"/>.
/// </summary>
internal unsafe struct SizeCounters
{
    internal const int Classes = 64;

    private const int Allocated = 0, Deallocated = 1, Kinds = 2;

    private nuint _owner;
    private fixed ulong _owners[Classes * Kinds];
    private fixed ulong _others[Classes * Kinds];

    /// <summary>Counts a block that was allocated.</summary>
    internal static void Add<TInner>(StateHandle<SizeCounters> handle, nuint size)
        where TInner : unmanaged, IAllocator => Count<TInner>(handle, ClassOf(size), Allocated, 1);

    /// <summary>Counts a block that is about to be freed.</summary>
    internal static void Remove<TInner>(StateHandle<SizeCounters> handle, nuint size)
        where TInner : unmanaged, IAllocator => Count<TInner>(handle, ClassOf(size), Deallocated, 1);

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

    /// <summary>Counts all blocks as freed.</summary>
    internal static void RemoveAll<TInner>(StateHandle<SizeCounters> handle)
        where TInner : unmanaged, IAllocator
    {
        for (int index = 0; handle.IsAlive && index < Classes; index++)
        {
            Count<TInner>(handle, index, Deallocated, (nuint)handle.Pointer->Read(index).CurrentBlocks);
        }
    }

    /// <summary>Returns the statistics of a class.</summary>
    internal SizeStatistics Read(int index)
    {
        // Deallocations first: a block that is allocated and freed meanwhile counts as in use, not as a
        // negative number.
        ulong deallocated = Sum((index * Kinds) + Deallocated);
        ulong allocated = Sum((index * Kinds) + Allocated);
        return new SizeStatistics
        {
            MaxSize = index == Classes - 1 ? Layout.MaxSize : (nuint)1 << index,
            Allocations = (long)allocated,
            CurrentBlocks = (long)(allocated - deallocated),
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
            // A release: Read loads the deallocations first, and must not see one before its allocation.
            Atomic.Write(ref ((nuint*)table->_owners)[at], (nuint)table->_owners[at] + blocks);
        }
        else if (handle.IsAlive)
        {
            _ = Atomic.Add(ref ((nuint*)table->_others)[at], blocks);
        }
    }

    private ulong Sum(int at) => Atomic.Read(ref _owners[at]) + Atomic.Read(ref _others[at]);
}
