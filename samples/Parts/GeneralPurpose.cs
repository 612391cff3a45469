using Quarry;
using Large = Quarry.PageAllocator;
using Small = Quarry.Bucketize<Quarry.Arena, Quarry.FourPerDoubling>;

namespace Parts;

/// <summary>Composes a simple general-purpose allocator.</summary>
/// <remarks>
/// Small blocks are allocated from an arena and, when freed, are added to free lists by size; each large
/// block is a mapping of its own.
/// </remarks>
public static class GeneralPurpose
{
    private const uint NoLimit = uint.MaxValue;

    /// <summary>Tries to create the allocator.</summary>
    /// <returns>False if the system is out of memory.</returns>
    public static bool TryCreate(out Segregate<Small, Large, Bytes.Of64K> allocator)
    {
        const nuint MinSize = 16, MaxSize = 64 << 10;
        allocator = default;
        if (!Arena.TryCreate(new ArenaOptions(), out Arena arena)
            || !Small.TryCreate(arena, MinSize, MaxSize, NoLimit, out Small small))
        {
            return false;
        }

        allocator = new Segregate<Small, Large, Bytes.Of64K>(small, new Large());
        return true;
    }
}
