using System.Numerics;

namespace Quarry;

/// <summary>The size classes of small blocks: the steps of a geometry up to <see cref="MaxSize"/>.</summary>
/// <typeparam name="TSizes">
/// The geometry. Its steps are multiples of 16, one of them is <see cref="MaxSize"/>, and it has at most <see
/// cref="ThreadHeap.MaxClasses"/> steps up to there. For over-aligned blocks the class of a size that is a
/// multiple of a power of two has to be a multiple of it too.
/// </typeparam>
internal static class SmallSizes<TSizes> where TSizes : ISizeSteps
{
    /// <summary>The size of the largest small block. Larger blocks get slices of their own.</summary>
    internal const nuint MaxSize = 64 * 1024;

    /// <summary>The number of classes.</summary>
    internal static int Count => ClassOf(MaxSize) + 1;

    /// <summary>Returns the class that serves a size of at most <see cref="MaxSize"/>.</summary>
    internal static int ClassOf(nuint size) => (int)TSizes.IndexOf(size);

    /// <summary>Returns the size of the blocks of a class, in bytes.</summary>
    internal static nuint SizeOf(int sizeClass) => TSizes.SizeOf((nuint)sizeClass);

    /// <summary>
    /// Returns the number of slices of a page of the class: one, or as many as it takes to hold eight blocks.
    /// </summary>
    internal static nuint SlicesOf(int sizeClass)
    {
        nuint eightBlocks = SizeOf(sizeClass) << 3;
        return eightBlocks <= Region.SliceSize
            ? 1
            : (nuint)BitOperations.RoundUpToPowerOf2((ulong)eightBlocks) >> Region.Log2Slice;
    }
}
