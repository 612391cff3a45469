using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace Quarry;

/// <summary>The elements of collections: blocks counted in elements instead of bytes.</summary>
internal static unsafe class CollectionMemory
{
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
        Layout.TryArray<T>((nuint)newCount, out Layout layout)
            ? (T*)allocator.Reallocate(elements, LayoutOf<T>(count), layout.Size)
            : null;

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

    /// <summary>There is no memory for so many elements.</summary>
    [DoesNotReturn]
    [MethodImpl(MethodImplOptions.NoInlining)]
    internal static void ThrowOutOfMemory<T>(nint count) where T : unmanaged
    {
        if (Layout.TryArray<T>((nuint)count, out Layout layout))
        {
            Throw.OutOfMemory(layout);
        }

        Throw.TooMany((nuint)count, sizeof(T));
    }

    private static Layout LayoutOf<T>(nint count) where T : unmanaged
    {
        // The block was served with it, so it is a layout.
        _ = Layout.TryArray<T>((nuint)count, out Layout layout);
        return layout;
    }
}
