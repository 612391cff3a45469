using System;

namespace Quarry;

/// <content>The system's pages in the library, which runs on several systems.</content>
public unsafe partial struct PageSource
{
    /// <summary>
    /// Gets the system's pages: <see cref="VirtualAllocPageSource"/> on Windows, <see cref="MmapPageSource"/>
    /// on Linux. On Linux, released pages read as zeros for a while, so that reading through a handle that
    /// outlived its allocator does not end the process.
    /// </summary>
    public static PageSource System() => OperatingSystem.IsWindows()
        ? Of((VirtualAllocPageSource*)null)
        : Of((LingeringPageSource*)null);
}
