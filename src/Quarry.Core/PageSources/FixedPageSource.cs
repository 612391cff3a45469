namespace Quarry;

/// <summary>
/// Pages from one range of memory that the caller owns: a static array, shared memory, a device.
/// </summary>
/// <remarks>
/// The memory is writable, stays the caller's and must outlive the allocator. It is handed out once, as a
/// whole or in part, until it is released. The caller provides it zeroed; it is cleared when it is handed
/// out again. Keep the struct itself at a fixed address as long as it serves: it remembers what it has
/// handed out.
/// </remarks>
public unsafe struct FixedPageSource : IPageSource
{
    private const nuint Fresh = 0, Taken = 1, Used = 2;

    private readonly byte* _start;
    private readonly byte* _end;
#pragma warning disable IDE0044 // written through a pointer
    private nuint _taken;
#pragma warning restore IDE0044

    /// <summary>Serves from <paramref name="size"/> bytes at <paramref name="start"/>.</summary>
    public FixedPageSource(void* start, nuint size)
    {
        _start = (byte*)start;
        _end = _start + size;
        _taken = Fresh;
    }

    /// <inheritdoc/>
    public void* Reserve(nuint size, nuint alignment)
    {
        byte* aligned = (byte*)Layout.AlignUp((nuint)_start, alignment);
        if (aligned < _start || aligned > _end || size > (nuint)(_end - aligned))
        {
            return null;
        }

        fixed (nuint* taken = &_taken)
        {
            if (Atomic.TryReplace(ref *taken, Fresh, Taken))
            {
                return aligned;
            }

            if (!Atomic.TryReplace(ref *taken, Used, Taken))
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
        fixed (nuint* taken = &_taken)
        {
            Atomic.Write(ref *taken, Used);
        }
    }
}
