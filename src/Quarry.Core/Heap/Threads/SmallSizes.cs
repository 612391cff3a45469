using System.Numerics;
using System.Runtime.CompilerServices;

namespace Quarry;

/// <summary>
/// Provides the size classes of small blocks: the steps of a geometry up to <see cref="MaxSize"/>.
/// </summary>
/// <typeparam name="TSizes">
/// The geometry. Its steps are multiples of 16, or of 8 from 16 bytes on; one of them is <see
/// cref="MaxSize"/>, and at most <see cref="ThreadHeap.MaxClasses"/> steps are not larger. To serve
/// over-aligned blocks, the block size of the class of a size that is a multiple of a power of two must be a
/// multiple of that power as well.
/// </typeparam>
internal static class SmallSizes<TSizes> where TSizes : ISizeSteps
{
    /// <summary>
    /// The size of the largest small block, in bytes. Larger blocks have slices of their own.
    /// </summary>
    internal const nuint MaxSize = 64 * 1024;

    /// <summary>
    /// The alignment of every block, in bytes: the distance of the first two steps, 16 or 8.
    /// </summary>
    internal static nuint Quantum
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => TSizes.SizeOf(TSizes.IndexOf(Block.MinSize + 1)) == 24 ? 8u : Block.MinSize;
    }

    /// <summary>The number of classes.</summary>
    internal static int Count => ClassOf(MaxSize) + 1;

    /// <summary>Returns the class that serves a size of at most <see cref="MaxSize"/>.</summary>
    internal static int ClassOf(nuint size) => (int)TSizes.IndexOf(size);

    /// <summary>Returns the size of the blocks of a class, in bytes.</summary>
    internal static nuint SizeOf(int sizeClass) => TSizes.SizeOf((nuint)sizeClass);

    /// <summary>
    /// Returns the number of slices of a page of the class: the smallest power of two that holds eight
    /// blocks.
    /// </summary>
    internal static nuint SlicesOf(int sizeClass)
    {
        nuint eightBlocks = SizeOf(sizeClass) << 3;
        return eightBlocks <= Region.SliceSize
            ? 1
            : (nuint)BitOperations.RoundUpToPowerOf2((ulong)eightBlocks) >> Region.Log2Slice;
    }
}
