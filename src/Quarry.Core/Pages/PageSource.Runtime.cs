using System;

namespace Quarry;

/// <summary>The system's pages in the library, which runs on several systems.</summary>
public unsafe partial struct PageSource
{
    /// <summary>
    /// The system's pages: <see cref="MmapPages"/> on Linux, <see cref="VirtualAllocPages"/> on Windows.
    /// </summary>
    public static PageSource System() =>
        OperatingSystem.IsWindows() ? Of((VirtualAllocPages*)null) : Mmap();
}
