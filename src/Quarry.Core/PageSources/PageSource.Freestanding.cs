namespace Quarry;

/// <content>The default page source in an image, which is built for one system.</content>
public unsafe partial struct PageSource
{
    /// <summary>Returns the page source of the system, see <see cref="MmapPageSource"/>.</summary>
    public static PageSource System() => Mmap();
}
