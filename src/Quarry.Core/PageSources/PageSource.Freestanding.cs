namespace Quarry;

/// <summary>The system's pages in an image, which is made for one system.</summary>
public unsafe partial struct PageSource
{
    /// <summary>The system's pages, see <see cref="MmapPageSource"/>.</summary>
    public static PageSource System() => Mmap();
}
