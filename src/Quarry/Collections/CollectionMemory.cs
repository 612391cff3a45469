using System;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace Quarry;

/// <summary>The elements of collections: blocks counted in elements instead of bytes.</summary>
internal static unsafe class CollectionMemory
{
    // What is worth a block of its own: a cache line, or four elements, which List<T> begins with.
    private const nint FirstSize = 64;
    private const nint FirstCapacity = 4;

    /// <summary>The capacity to grow to when more elements than the capacity are needed.</summary>
    /// <remarks>
    /// Its double, so that adding an element costs the same on average, however many there are.
    /// </remarks>
    internal static nint Grown<T>(nint capacity, nint needed) where T : unmanaged
    {
        nint doubled = capacity <= nint.MaxValue / 2 ? capacity * 2 : needed;
        nint first = Math.Max(FirstSize / sizeof(T), FirstCapacity);
        return Math.Max(Math.Max(doubled, first), needed);
    }

    /// <summary>A block for so many elements; null if it cannot be served.</summary>
    internal static T* TryAllocate<T, TAllocator>(TAllocator allocator, nint count)
        where T : unmanaged
        where TAllocator : unmanaged, IAllocator =>
        Layout.TryArray<T>((nuint)count, out Layout layout) ? (T*)allocator.Allocate(layout) : null;

    /// <summary>A block of zeros for so many elements; null if it cannot be served.</summary>
    internal static T* TryAllocateZeroed<T, TAllocator>(TAllocator allocator, nint count)
        where T : unmanaged
        where TAllocator : unmanaged, IAllocator =>
        Layout.TryArray<T>((nuint)count, out Layout layout) ? (T*)allocator.AllocateZeroed(layout) : null;

    /// <summary>The block with another number of elements; null, and the old one, if that fails.</summary>
    internal static T* TryReallocate<T, TAllocator>(
        TAllocator allocator, T* elements, nint count, nint newCount)
        where T : unmanaged
        where TAllocator : unmanaged, IAllocator =>
        elements == null
            ? TryAllocate<T, TAllocator>(allocator, newCount)
            : TryMove(allocator, elements, count, newCount);

    /// <summary>Copies elements, to where others of them may lie.</summary>
    internal static void Move<T>(T* from, T* to, nint count) where T : unmanaged
    {
        if (count > 0)
        {
            Buffer.MemoryCopy(from, to, count * sizeof(T), count * sizeof(T));
        }
    }

    /// <summary>Gives the block back; null is harmless.</summary>
    internal static void Free<T, TAllocator>(TAllocator allocator, T* elements, nint count)
        where T : unmanaged
        where TAllocator : unmanaged, IAllocator
    {
        if (elements != null)
        {
            allocator.Deallocate(elements, LayoutOf<T>(count));
        }
    }

    /// <summary>The number as the members of the runtime's interfaces count.</summary>
    /// <exception cref="OverflowException">It does not fit.</exception>
    // A comparison and no checked conversion: the JIT then treats the loop around it as it does List<T>'s.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static int ToInt(nint count)
    {
        if (count > int.MaxValue)
        {
            ThrowOverflow();
        }

        return (int)count;
    }

    /// <summary>Throws, as the runtime's lists do, unless consecutive elements are all there.</summary>
    internal static void CheckRange(nint index, nint length, nint count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        if (length > count - index)
        {
            throw new ArgumentException($"{length} elements from {index} on are not among {count}.");
        }
    }

    /// <summary>In checked builds: throws if the collection was changed under an enumerator.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void CheckVersion(int version, int expected)
    {
        if (Checks.Enabled && version != expected)
        {
            ThrowChanged();
        }
    }

    /// <summary>Whether so much room is unused that it is worth giving back.</summary>
    internal static bool IsExcessive(nint count, nint capacity) => count < capacity - (capacity / 10);

    /// <summary>Throws because an allocator did not serve a number of elements.</summary>
    [DoesNotReturn]
    [MethodImpl(MethodImplOptions.NoInlining)]
    internal static void ThrowOutOfMemory<T, TAllocator>(TAllocator allocator, nint count)
        where T : unmanaged
        where TAllocator : unmanaged, IAllocator
    {
        Throw.ThrowIfDead(allocator);
        if (Layout.TryArray<T>((nuint)count, out Layout layout))
        {
            Throw.OutOfMemory(layout);
        }

        Throw.TooMany((nuint)count, sizeof(T));
    }

    // A method of its own: it takes the address of the allocator, which is in registers elsewhere.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static T* TryMove<T, TAllocator>(TAllocator allocator, T* elements, nint count, nint newCount)
        where T : unmanaged
        where TAllocator : unmanaged, IAllocator =>
        Layout.TryArray<T>((nuint)newCount, out Layout layout)
            ? (T*)allocator.Reallocate(elements, LayoutOf<T>(count), layout.Size)
            : null;

    [DoesNotReturn]
    private static void ThrowOverflow() =>
        throw new OverflowException("There are more than an int can tell: ask for the long count.");

    [DoesNotReturn]
    private static void ThrowChanged() =>
        throw new InvalidOperationException("The collection was changed while it was enumerated.");

    private static Layout LayoutOf<T>(nint count) where T : unmanaged
    {
        // The block was served with it, so it is a layout.
        _ = Layout.TryArray<T>((nuint)count, out Layout layout);
        return layout;
    }
}
