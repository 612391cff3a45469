using Quarry;

namespace BumpMalloc;

/// <summary>Memory that is only ever taken: one range, block after block, until the program ends.</summary>
/// <remarks>
/// It reserves 1 GiB, or what <c>dotnet build -p:BumpSize=...</c> said, or at best what the environment
/// variable <c>QUARRY_BUMP_SIZE</c> says when a program starts: <c>64M</c>, <c>4G</c>. Only what is touched
/// takes memory. When the range is used up, <c>malloc</c> returns null and <c>errno</c> is <c>ENOMEM</c>.
/// </remarks>
public readonly unsafe struct BumpFactory : IAllocatorFactory<Bump<Shared>>
{
    /// <inheritdoc/>
    public static bool TryCreate(out Bump<Shared> allocator)
    {
        allocator = default;
        nuint size = EnvironmentVariable.TryReadSize("QUARRY_BUMP_SIZE"u8, out nuint named)
            ? named
            : (nuint)BuildConstants.BumpSize;

        // Where there are less addresses, as under ulimit -v, half as much may do, or half of that.
        PageSource pages = PageSource.Of((HugePageSource*)null);
        while (size > 0 && !Bump<Shared>.TryCreate(size, pages, HugePageSource.Size, out allocator))
        {
            size /= 2;
        }

        return size > 0;
    }
}
