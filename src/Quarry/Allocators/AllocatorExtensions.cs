using System;
using System.Diagnostics.CodeAnalysis;

namespace Quarry;

/// <summary>Direct use of an allocator, with arguments checked: bytes, values and spans.</summary>
/// <remarks>
/// These throw where <see cref="IAllocator"/> answers null; the <c>Try...</c> twins answer false. Arguments
/// that no request can have throw in both. What is taken belongs to the caller until it is given back to the
/// same allocator, and nothing guards its use after that. The cost is that of the allocator.
/// </remarks>
[SuppressMessage("Naming", "CA1708", Justification = "Blocks of extensions have no names to differ.")]
public static unsafe partial class AllocatorExtensions
{
    /// <summary>The alignment of a block unless another one is asked for, in bytes: that of malloc.</summary>
    public const nint DefaultAlignment = 16;

    extension<TAllocator>(TAllocator allocator) where TAllocator : unmanaged, IAllocator
    {
        /// <summary>
        /// Takes a block. Its contents are undefined. A size of 0 yields a unique block as well.
        /// </summary>
        /// <param name="size">Its size in bytes.</param>
        /// <param name="alignment">Its alignment in bytes, a power of two.</param>
        /// <exception cref="ArgumentOutOfRangeException">
        /// The size is negative or too large, or the alignment is no power of two.
        /// </exception>
        /// <exception cref="OutOfMemoryException">The allocator cannot serve it.</exception>
        public void* Alloc(nint size, nint alignment = DefaultAlignment)
        {
            Layout layout = LayoutOf(size, alignment);
            return Served(allocator, allocator.Allocate(layout), layout);
        }

        /// <summary>Takes a block of zeros.</summary>
        /// <inheritdoc cref="Alloc{TAllocator}(TAllocator, nint, nint)"/>
        public void* AllocZeroed(nint size, nint alignment = DefaultAlignment)
        {
            Layout layout = LayoutOf(size, alignment);
            return Served(allocator, allocator.AllocateZeroed(layout), layout);
        }

        /// <summary>Takes a block, if the allocator can serve it. Its contents are undefined.</summary>
        /// <param name="size">Its size in bytes.</param>
        /// <param name="alignment">Its alignment in bytes, a power of two.</param>
        /// <param name="block">The block, or null.</param>
        /// <exception cref="ArgumentOutOfRangeException">
        /// The size is negative or too large, or the alignment is no power of two.
        /// </exception>
        public bool TryAlloc(nint size, nint alignment, out void* block)
        {
            block = allocator.Allocate(LayoutOf(size, alignment));
            return block != null;
        }

        /// <summary>
        /// Changes the size of a block, moved or not; the contents are kept up to the smaller of the sizes.
        /// </summary>
        /// <param name="block">The block, which is no more if this returns; null to take one.</param>
        /// <param name="size">The size in bytes that it was taken with.</param>
        /// <param name="newSize">The size in bytes to have.</param>
        /// <param name="alignment">The alignment in bytes that it was taken with.</param>
        /// <exception cref="ArgumentOutOfRangeException">
        /// A size is negative or too large, or the alignment is no power of two.
        /// </exception>
        /// <exception cref="OutOfMemoryException">
        /// The allocator cannot serve it; the block is unchanged.
        /// </exception>
        public void* Realloc(void* block, nint size, nint newSize, nint alignment = DefaultAlignment)
        {
            Layout newLayout = LayoutOf(newSize, alignment);
            void* resized = allocator.Reallocate(block, LayoutOf(size, alignment), (nuint)newSize);
            return Served(allocator, resized, newLayout);
        }

        /// <summary>Gives a block back. Null is harmless.</summary>
        /// <param name="block">The block.</param>
        /// <param name="size">The size in bytes that it was taken with.</param>
        /// <param name="alignment">The alignment in bytes that it was taken with.</param>
        /// <exception cref="ArgumentOutOfRangeException">
        /// The size is negative or too large, or the alignment is no power of two.
        /// </exception>
        public void Free(void* block, nint size, nint alignment = DefaultAlignment) =>
            allocator.Deallocate(block, LayoutOf(size, alignment));
    }

    private static Layout LayoutOf(nint size, nint alignment)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(size);
        ArgumentOutOfRangeException.ThrowIfNegative(alignment);
        return Layout.Create((nuint)size, (nuint)alignment);
    }

    private static void* Served<TAllocator>(TAllocator allocator, void* block, Layout layout)
        where TAllocator : unmanaged, IAllocator
    {
        if (block == null)
        {
            Throw.Unserved(allocator, layout);
        }

        return block;
    }
}
