namespace Quarry;

/// <summary>Pages from <c>mmap</c>: reserved without access, made accessible by <c>mprotect</c>.</summary>
/// <remarks>
/// Reserving without access rather than mapping writable at once keeps <c>mlockall</c>, strict overcommit
/// and 2 MiB pages from backing what nobody uses, for one system call each time the committed part grows.
/// </remarks>
public readonly unsafe struct MmapPageSource : IPageSource
{
    /// <inheritdoc/>
    public void* Reserve(nuint size, nuint alignment)
    {
        // Only what is page aligned comes from the kernel. The surplus before and behind the aligned part
        // is given back.
        nuint surplus = alignment > LinuxOs.PageSize ? alignment : 0;
        byte* raw = size <= Layout.MaxSize - surplus ? (byte*)LinuxOs.Reserve(size + surplus) : null;
        if (raw == null || surplus == 0)
        {
            return raw;
        }

        byte* start = (byte*)Layout.AlignUp((nuint)raw, alignment);
        nuint before = (nuint)(start - raw);
        nuint behind = surplus - before;
        if (before > 0)
        {
            LinuxOs.Unmap(raw, before);
        }

        if (behind > 0)
        {
            LinuxOs.Unmap(start + size, behind);
        }

        return start;
    }

    /// <inheritdoc/>
    public bool Commit(void* start, nuint size) => LinuxOs.Commit(start, size);

    /// <inheritdoc/>
    public bool Purge(void* start, nuint size) => LinuxOs.Discard(start, size);

    /// <inheritdoc/>
    public void Release(void* start, nuint size) => LinuxOs.Unmap(start, size);
}
