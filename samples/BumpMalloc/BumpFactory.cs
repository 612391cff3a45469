using Quarry;

namespace BumpMalloc;

/// <summary>
/// Creates an allocator that places blocks one after another in a single range and never reuses them.
/// </summary>
/// <remarks>
/// The size of the range is 1 GiB, unless <c>dotnet build -p:BumpSize=BYTES</c> or, when a program starts,
/// the environment variable <c>QUARRY_BUMP_SIZE</c> (<c>64M</c>, <c>4G</c>) sets another size. Only touched
/// pages use memory. When the range is exhausted, <c>malloc</c> returns null with <c>ENOMEM</c>.
/// </remarks>
public readonly unsafe struct BumpFactory : IAllocatorFactory<Bump<Shared>>
{
    /// <inheritdoc/>
    public static bool TryCreate(out Bump<Shared> allocator)
    {
        allocator = default;
        nuint size = EnvironmentVariable.TryReadSize("QUARRY_BUMP_SIZE"u8, out nuint configured)
            ? configured
            : (nuint)BuildConstants.BumpSize;

        // Under a limit on address space (ulimit -v), a smaller range may fit.
        PageSource pages = PageSource.Of((HugePageSource*)null);
        while (size > 0 && !Bump<Shared>.TryCreate(size, pages, HugePageSource.Size, out allocator))
        {
            size /= 2;
        }

        return size > 0;
    }
}
