using Quarry;

namespace BumpMalloc;

/// <summary>Memory that is only ever taken: one range, block after block, until the program ends.</summary>
/// <remarks>
/// It reserves 1 GiB, or what <c>dotnet build -p:BumpSize=...</c> said, or at best what the environment variable
/// <c>QUARRY_BUMP_SIZE</c> says when a program starts: <c>64M</c>, <c>4G</c>. Only what is touched takes memory.
/// When the range is used up, <c>malloc</c> returns null and <c>errno</c> is <c>ENOMEM</c>.
/// </remarks>
public readonly unsafe struct BumpFactory : IAllocatorFactory<Bump<Shared>>
{
    /// <inheritdoc/>
    public static bool TryCreate(out Bump<Shared> allocator)
    {
        nuint size = EnvironmentVariable.TryReadSize("QUARRY_BUMP_SIZE"u8, out nuint named)
            ? named
            : (nuint)BuildConstants.BumpSize;
        return Bump<Shared>.TryCreate(size, PageSource.Of((HugePages*)null), HugePages.Size, out allocator);
    }
}
