using Quarry;
using Large = Quarry.PageAllocator;
using Small = Quarry.Bucketize<Quarry.Arena, Quarry.FourPerDoubling>;

namespace Parts;

/// <summary>A plain general-purpose allocator, put together from parts.</summary>
/// <remarks>
/// Small blocks come from an arena and go to lists by their size, where the next request finds them; a
/// large block is pages of its own.
/// </remarks>
public static class GeneralPurpose
{
    private const uint NoLimit = uint.MaxValue;

    /// <summary>Makes one.</summary>
    /// <returns>False if the system has no memory.</returns>
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
