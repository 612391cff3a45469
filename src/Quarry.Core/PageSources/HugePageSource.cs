namespace Quarry;

/// <summary>
/// Provides pages from <c>mmap</c>, backed by huge pages of 2 MiB, except for the first 64 KiB of a range.
/// </summary>
/// <remarks>
/// One page fault replaces 512, so memory that is touched from start to end is backed several times faster;
/// up to 2 MiB more than is touched becomes resident. A range begins 64 KiB before a multiple of 2 MiB, so
/// that a small program does not use a huge page. Committed parts should end at multiples of
/// <see cref="Size"/>. Without huge pages, this source is the same as <see cref="MmapPageSource"/>.
/// Alignments above the page size are not supported.
/// </remarks>
public readonly unsafe struct HugePageSource : IPageSource
{
    /// <summary>The size and alignment of a huge page, in bytes.</summary>
    public const int Size = 2 << 20;

    private const nuint Small = 64 << 10;

    /// <inheritdoc/>
    public static bool ReservesAddressSpace => true;

    /// <inheritdoc/>
    public static bool CanResize => false;

    /// <inheritdoc/>
    public void* Reserve(nuint size, nuint alignment)
    {
        if (alignment > Os.PageSize || size > Layout.MaxSize - Size)
        {
            return null;
        }

        byte* raw = (byte*)Os.Linux.Reserve(size + Size);
        if (raw == null)
        {
            return null;
        }

        byte* start = (byte*)(Layout.AlignUp((nuint)raw + Small, Size) - Small);
        if (start > raw)
        {
            Os.Linux.Unmap(raw, (nuint)(start - raw));
        }

        Os.Linux.Unmap(start + size, (nuint)(raw + Size - start));
        Os.Linux.PreferHugePages(start, size);
        return start;
    }

    /// <inheritdoc/>
    public bool Commit(void* start, nuint size) => Os.Linux.Commit(start, size);

    /// <inheritdoc/>
    public bool Purge(void* start, nuint size) => Os.Linux.Purge(start, size);

    /// <inheritdoc/>
    public void Release(void* start, nuint size) => Os.Linux.Unmap(start, size);

    /// <inheritdoc/>
    public bool TryResize(void* start, nuint oldSize, nuint newSize) => false;

    /// <inheritdoc/>
    public bool TryMove(void* from, nuint oldSize, void* to, nuint newSize) => false;
}
