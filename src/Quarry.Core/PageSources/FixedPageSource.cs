namespace Quarry;

/// <summary>
/// Pages from one range of memory that the caller owns: a static array, shared memory, a device.
/// </summary>
/// <remarks>
/// The memory must be writable and zeroed, and must outlive the allocator. It can be reserved once, as a
/// whole or in part, until it is released; it is cleared when it is reserved again. The struct must stay at
/// its address while it is in use, because it records whether the memory is reserved.
/// </remarks>
public unsafe struct FixedPageSource : IPageSource
{
    private const nuint Fresh = 0, Reserved = 1, Used = 2;

    private readonly byte* _start;
    private readonly byte* _end;
#pragma warning disable IDE0044 // written through a pointer
    private nuint _use;
#pragma warning restore IDE0044

    /// <summary>Initializes a new instance of the <see cref="FixedPageSource"/> struct.</summary>
    /// <param name="start">The first byte of the memory.</param>
    /// <param name="size">The number of bytes.</param>
    public FixedPageSource(void* start, nuint size)
    {
        _start = (byte*)start;
        _end = _start + size;
        _use = Fresh;
    }

    /// <inheritdoc/>
    public static bool ReservesAddressSpace => false;

    /// <inheritdoc/>
    public static bool CanResize => false;

    /// <inheritdoc/>
    public void* Reserve(nuint size, nuint alignment)
    {
        byte* aligned = (byte*)Layout.AlignUp((nuint)_start, alignment);
        if (aligned < _start || aligned > _end || size > (nuint)(_end - aligned))
        {
            return null;
        }

        fixed (nuint* use = &_use)
        {
            if (Atomic.TryReplace(ref *use, Fresh, Reserved))
            {
                return aligned;
            }

            // Pairs with the release below: clearing comes after the last use by the previous allocator.
            if (!Atomic.TryReplace(ref *use, Used, Reserved))
            {
                return null;
            }
        }

        Memory.Clear(aligned, size);
        return aligned;
    }

    /// <inheritdoc/>
    public readonly bool Commit(void* start, nuint size) => true;

    /// <inheritdoc/>
    public readonly bool Purge(void* start, nuint size) => false;

    /// <inheritdoc/>
    public void Release(void* start, nuint size)
    {
        fixed (nuint* use = &_use)
        {
            Atomic.Write(ref *use, Used);
        }
    }

    /// <inheritdoc/>
    public readonly bool TryResize(void* start, nuint oldSize, nuint newSize) => false;

    /// <inheritdoc/>
    public readonly bool TryMove(void* from, nuint oldSize, void* to, nuint newSize) => false;
}
