namespace Quarry;

/// <content>The system's pages in an image, which is built for one system.</content>
public unsafe partial struct PageSource
{
    /// <summary>Gets the system's pages, see <see cref="MmapPageSource"/>.</summary>
    public static PageSource System() => Mmap();
}
