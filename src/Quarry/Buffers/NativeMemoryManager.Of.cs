using System;
using System.Buffers;

namespace Quarry;

/// <summary>
/// One block of an allocator as <see cref="Memory{T}"/>, and its <see cref="IMemoryOwner{T}"/>.
/// </summary>
/// <inheritdoc cref="NativeMemoryManager{T}"/>
public sealed unsafe class NativeMemoryManager<T, TAllocator> : NativeMemoryManager<T>
    where T : unmanaged
    where TAllocator : unmanaged, IAllocator
{
    private readonly TAllocator _allocator;
    private readonly nuint _alignment;

    /// <summary>Takes a block. Its contents are undefined.</summary>
    /// <param name="allocator">Where it comes from, and goes back to.</param>
    /// <param name="length">The number of elements.</param>
    /// <param name="alignment">Its alignment in bytes, a power of two; that of the elements at least.</param>
    /// <exception cref="ArgumentOutOfRangeException">
    /// The number is negative, or the alignment is no power of two.
    /// </exception>
    /// <exception cref="OutOfMemoryException">The allocator cannot serve it.</exception>
    public NativeMemoryManager(TAllocator allocator, int length, int alignment = 1)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        ArgumentOutOfRangeException.ThrowIfNegative(alignment);
        _allocator = allocator;
        _alignment = Math.Max((nuint)alignment, Layout.Of<T>().Alignment);
        Layout layout = LayoutOf(length);
        void* block = _allocator.Allocate(layout);
        if (block == null)
        {
            Throw.Unserved(allocator, layout);
        }

        Open(block, length);
    }

    /// <summary>Changes the number of elements; they may move, so it must not be pinned.</summary>
    /// <returns>False if it is pinned or disposed, or the allocator cannot serve it.</returns>
    internal bool TryReallocate(int length)
    {
        if (!TryClose())
        {
            return false;
        }

        void* moved = _allocator.Reallocate(First, LayoutOf(Length), LayoutOf(length).Size);
        bool served = moved != null;
        Open(served ? moved : First, served ? length : Length);
        return served;
    }

    private protected override void Release() => _allocator.Deallocate(First, LayoutOf(Length));

    private Layout LayoutOf(int length) => Layout.Create((nuint)length * (nuint)sizeof(T), _alignment);
}
