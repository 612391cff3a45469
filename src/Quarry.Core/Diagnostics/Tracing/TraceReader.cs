namespace Quarry;

/// <summary>Takes events out of a <see cref="TraceRing"/>, for <c>foreach</c>.</summary>
/// <remarks>It ends where the ring ended when it began, so it does end while others write.</remarks>
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

    /// <summary>The event that was taken last.</summary>
    public readonly TraceEvent Current => _current;

    /// <summary>This reader.</summary>
    public readonly TraceReader GetEnumerator() => this;

    /// <summary>Takes the next event.</summary>
    /// <returns>False if there is none.</returns>
    public bool MoveNext() => _ring.IsAlive && TraceRingState.TryRead(_ring.Pointer, _end, out _current);
}
