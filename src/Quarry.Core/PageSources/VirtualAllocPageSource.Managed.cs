using System;

namespace Quarry;

/// <summary>
/// Provides pages from <c>VirtualAlloc</c>. On systems other than Windows, every reservation fails.
/// </summary>
/// <remarks>
/// Ranges are aligned to at least 64 KiB. Windows charges memory when pages are committed, and releases the
/// charge with the whole range.
/// </remarks>
public readonly unsafe struct VirtualAllocPageSource : IPageSource
{
    /// <inheritdoc/>
    public static bool ReservesAddressSpace => true;

    /// <inheritdoc/>
    public static bool CanResize => false;

    /// <inheritdoc/>
    public void* Reserve(nuint size, nuint alignment) =>
        OperatingSystem.IsWindows() ? Os.Windows.Reserve(size, alignment) : null;

    /// <inheritdoc/>
    public bool Commit(void* start, nuint size) => Os.Windows.Commit(start, size);

    /// <inheritdoc/>
    /// <returns>
    /// False, although physical memory is freed: Windows does not guarantee that such pages read as zeros.
    /// Decommitting and committing them would, but another process may use up the memory in between.
    /// </returns>
    public bool Purge(void* start, nuint size)
    {
        Os.Windows.Reset(start, size);
        return false;
    }

    /// <inheritdoc/>
    public void Release(void* start, nuint size) => Os.Windows.Release(start);

    /// <inheritdoc/>
    public bool TryResize(void* start, nuint oldSize, nuint newSize) => false;

    /// <inheritdoc/>
    public bool TryMove(void* from, nuint oldSize, void* to, nuint newSize) => false;
}
