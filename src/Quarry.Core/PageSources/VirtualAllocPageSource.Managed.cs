using System;

namespace Quarry;

/// <summary>Pages from <c>VirtualAlloc</c>, of which there are none on other systems than Windows.</summary>
/// <remarks>
/// Ranges begin at multiples of 64 KiB at least. Windows charges memory when pages are committed and releases
/// the charge with the whole range.
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
    /// False, although physical memory is freed: Windows does not promise that such pages read as zeros. They
    /// would after decommitting and committing them, but in between another process may use the last memory.
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
