namespace Quarry;

/// <summary>Provides pages from memory of the caller: a static array, shared memory, or a device.</summary>
/// <remarks>
/// The memory must be writable and zeroed, and must outlive the allocator. Only one range can be reserved at
/// a time; memory that was released is cleared when it is reserved again. The struct records whether the
/// memory is reserved, so it must stay at its address while it is in use.
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
    /// <param name="size">The size of the memory, in bytes.</param>
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

            // Pairs with the write in Release: the memory is cleared after its last use by the previous
            // allocator.
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
