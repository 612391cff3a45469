using System;

namespace Quarry;

/// <content>The default page source in the library, which runs on several systems.</content>
public unsafe partial struct PageSource
{
    /// <summary>
    /// Returns the page source of the system: <see cref="VirtualAllocPageSource"/> on Windows,
    /// <see cref="MmapPageSource"/> on Linux. On Linux, released pages stay readable, as zeros until their
    /// addresses are used again, so that a handle that outlived its allocator does not end the process.
    /// </summary>
    public static PageSource System() => OperatingSystem.IsWindows()
        ? Of((VirtualAllocPageSource*)null)
        : Of((LingeringPageSource*)null);

    /// <summary>
    /// Returns a source whose reserved pages are inaccessible until they are committed, and whose released
    /// ranges are unmapped: for pages whose every access is to fault.
    /// </summary>
    internal static PageSource Inaccessible() => OperatingSystem.IsWindows()
        ? Of((VirtualAllocPageSource*)null)
        : Mmap();
}
