namespace Quarry;

/// <summary>
/// Pages from <c>mmap</c>, of 2 MiB as far as the system has such, but for the first 64 KiB.
/// </summary>
/// <remarks>
/// To back a page costs the system the more the less of them there are, so what touches some MiB from start
/// to end gets them several times faster; up to 2 MiB more than are touched count as used. A range begins
/// 64 KiB before a multiple of 2 MiB: a small program is not given a large page. Commit up to multiples of
/// <see cref="Size"/> only. Where the system has no such pages, or gives none, the same as <see
/// cref="MmapPageSource"/>.
/// </remarks>
public readonly unsafe struct HugePageSource : IPageSource
{
    /// <summary>The size and alignment of a large page, in bytes.</summary>
    public const int Size = 2 << 20;

    private const nuint Small = 64 << 10;

    /// <inheritdoc/>
    public void* Reserve(nuint size, nuint alignment)
    {
        if (alignment > Os.PageSize || size > Layout.MaxSize - Size)
        {
            return null;
        }

        byte* raw = (byte*)LinuxOs.Reserve(size + Size);
        if (raw == null)
        {
            return null;
        }

        byte* start = (byte*)(Layout.AlignUp((nuint)raw + Small, Size) - Small);
        if (start > raw)
        {
            LinuxOs.Unmap(raw, (nuint)(start - raw));
        }

        LinuxOs.Unmap(start + size, (nuint)(raw + Size - start));
        LinuxOs.PreferHugePages(start, size);
        return start;
    }

    /// <inheritdoc/>
    public bool Commit(void* start, nuint size) => LinuxOs.Commit(start, size);

    /// <inheritdoc/>
    public bool Purge(void* start, nuint size) => LinuxOs.Discard(start, size);

    /// <inheritdoc/>
    public void Release(void* start, nuint size) => LinuxOs.Unmap(start, size);
}
