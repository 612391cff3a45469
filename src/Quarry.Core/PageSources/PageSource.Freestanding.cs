namespace Quarry;

/// <content>The default page source in an image, which is built for one system.</content>
public unsafe partial struct PageSource
{
    /// <summary>Returns the page source of the system, see <see cref="MmapPageSource"/>.</summary>
    public static PageSource System() => Mmap();

    /// <summary>
    /// Returns a source whose reserved pages are inaccessible until they are committed: the same one.
    /// </summary>
    internal static PageSource Inaccessible() => Mmap();
}
