using System.Runtime.CompilerServices;

namespace Quarry;

/// <summary>
/// The steps by which large and huge blocks are counted: those of <see cref="EightPerDoubling"/> above the
/// small size classes.
/// </summary>
/// <remarks>
/// The same for every geometry, because the back end is independent of size classes; above 64 KiB, those of
/// the images have the same steps. Blocks themselves have any multiple of the page size of the system.
/// </remarks>
internal static class LargeSteps
{
    // The largest small size, and the address space of a process.
    private const nuint Below = 64 * 1024;
    private const int Log2Below = 16, Log2Largest = 47;

    /// <summary>The number of steps: up to 2^47 bytes.</summary>
    internal const int Count = (Log2Largest - Log2Below) * 8;

    /// <summary>
    /// Returns the first step that is at least a size. A block that is smaller than all of them, but large
    /// because of its alignment, is in the first one.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static int IndexOf(nuint size)
    {
        if (size <= Below)
        {
            return 0;
        }

        int index = (int)(EightPerDoubling.IndexOf(size) - EightPerDoubling.IndexOf(Below)) - 1;
        return index < Count ? index : Count - 1;
    }
}
