namespace Quarry;

/// <summary>Enumerates and removes the events of a <see cref="TraceRing"/>, for <c>foreach</c>.</summary>
/// <remarks>
/// The enumeration ends with the last event that existed when it began, even if other threads write more.
/// </remarks>
public unsafe struct TraceReader
{
    private readonly StateHandle<TraceRingState> _ring;
    private readonly nuint _end;
    private TraceEvent _current;

    internal TraceReader(StateHandle<TraceRingState> ring)
    {
        _ring = ring;
        _end = ring.IsAlive ? Atomic.Read(ref ring.Pointer->Head) : 0;
        _current = default;
    }

    /// <summary>Gets the current event.</summary>
    public readonly TraceEvent Current => _current;

    /// <summary>Returns this reader.</summary>
    public readonly TraceReader GetEnumerator() => this;

    /// <summary>Removes the next event from the ring, and makes it the current one.</summary>
    /// <returns>
    /// <see langword="false"/> if there is no further event, or if it is still being written.
    /// </returns>
    public bool MoveNext() => _ring.IsAlive && TraceRingState.TryRead(_ring.Pointer, _end, out _current);
}
