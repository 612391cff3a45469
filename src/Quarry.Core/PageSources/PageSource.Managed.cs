using System;

namespace Quarry;

/// <summary>The system's pages in the library, which runs on several systems.</summary>
public unsafe partial struct PageSource
{
    /// <summary>
    /// The system's pages: <see cref="VirtualAllocPageSource"/> on Windows; on Linux <see cref="MmapPageSource"/> that
    /// read as zeros for a while after they were given back, so that a handle that outlived its allocator
    /// finds nothing rather than ending the process.
    /// </summary>
    public static PageSource System()
    {
        if (OperatingSystem.IsWindows())
        {
            return Of((VirtualAllocPageSource*)null);
        }

        PageSource source = Of((LingeringPageSource*)null);
        source.ReservesAddressSpace = true;
        source.TryResize = &TryResizeMapping;
        source.TryMove = &TryMoveMapping;
        return source;
    }
}
