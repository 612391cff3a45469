using System.Runtime.CompilerServices;

namespace Quarry;

/// <summary>A limit on the memory of several heaps together.</summary>
internal struct HeapBudget
{
    /// <summary>The maximum of <see cref="Used"/>, in bytes; 0 for no limit.</summary>
    public nuint Limit;

    /// <summary>The number of bytes in slices and mappings that are in use in all of the heaps.</summary>
    public nuint Used;

    /// <summary>Tries to add to a number of bytes; fails if that would exceed a limit.</summary>
    /// <param name="used">The number of bytes.</param>
    /// <param name="limit">The limit; 0 for none.</param>
    /// <param name="bytes">The number to add.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static bool TryAdd(ref nuint used, nuint limit, nuint bytes)
    {
        for (; ; )
        {
            nuint now = Atomic.Read(ref used);
            if (limit != 0 && (bytes > limit || now > limit - bytes))
            {
                return false;
            }

            if (Atomic.TryReplace(ref used, now, now + bytes))
            {
                return true;
            }
        }
    }
}
