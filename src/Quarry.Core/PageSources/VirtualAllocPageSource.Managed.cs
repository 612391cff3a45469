namespace Quarry;

/// <summary>Pages from <c>VirtualAlloc</c>; there are none anywhere but on Windows.</summary>
/// <remarks>
/// Ranges begin at multiples of 64 KiB at least. Windows charges memory when pages are committed and gives
/// the charge back with the whole range.
/// </remarks>
public readonly unsafe struct VirtualAllocPageSource : IPageSource
{
    /// <inheritdoc/>
    public void* Reserve(nuint size, nuint alignment) =>
        System.OperatingSystem.IsWindows() ? WindowsOs.Reserve(size, alignment) : null;

    /// <inheritdoc/>
    public bool Commit(void* start, nuint size) => WindowsOs.Commit(start, size);

    /// <inheritdoc/>
    /// <returns>
    /// False, though physical memory goes back: Windows does not promise that such pages read as zeros. To
    /// decommit and commit them again would, but in between another process may take the last memory.
    /// </returns>
    public bool Purge(void* start, nuint size)
    {
        WindowsOs.Reset(start, size);
        return false;
    }

    /// <inheritdoc/>
    public void Release(void* start, nuint size) => WindowsOs.Release(start);
}
