using System.Numerics;

namespace Quarry;

/// <summary>
/// The steps by which ranges of unused memory are counted: jemalloc's, which are 4 KiB, 8 KiB and 12 KiB, and
/// then four for each doubling.
/// </summary>
internal static class ExtentSteps
{
    private const int Log2Unit = 12, LinearSteps = 3;

    /// <summary>The number of steps, as in jemalloc.</summary>
    internal const int Count = 199;

    /// <summary>Returns the last step that is not larger than a size.</summary>
    /// <param name="size">A multiple of 4 KiB, at least that.</param>
    internal static int IndexOf(nuint size)
    {
        nuint units = size >> Log2Unit;
        if (units <= LinearSteps)
        {
            return (int)units - 1;
        }

        int doubling = BitOperations.Log2((ulong)units) - 2;
        return (4 * doubling) + (int)(units >> doubling) - 1;
    }

    /// <summary>Returns the size of a step, in bytes.</summary>
    internal static nuint SizeOf(int index)
    {
        int doubling = index < LinearSteps ? 0 : (index + 1 - 4) / 4;
        return (nuint)(index + 1 - (4 * doubling)) << (doubling + Log2Unit);
    }
}
