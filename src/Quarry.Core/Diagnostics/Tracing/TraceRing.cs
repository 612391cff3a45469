using System.Numerics;

namespace Quarry;

/// <summary>
/// A ring buffer of trace events, written by any number of threads and read by one at a time.
/// </summary>
/// <remarks>
/// <para>
/// An event takes 64 bytes. Writing one takes two or three atomic operations and no lock; no writer ever
/// waits for another writer or for the reader. Events can be read while others are written.
/// </para>
/// <para>
/// A value is a handle, and its copies are the same ring. Several allocators can write to one ring. It must
/// outlive them: no thread may be writing while it is disposed; later events are dropped.
/// </para>
/// </remarks>
public readonly unsafe partial struct TraceRing
{
    private readonly StateHandle<TraceRingState> _state;

    private TraceRing(StateHandle<TraceRingState> state) => _state = state;

    /// <summary>Gets a value that indicates whether this is the default value, which is not a ring.</summary>
    internal bool IsDefault => _state.IsDefault;

    /// <summary>Gets the maximum number of events in the ring; 0 after disposal.</summary>
    public nuint Capacity => _state.IsAlive ? _state.Pointer->Capacity : 0;

    /// <summary>
    /// Gets the number of events that were dropped, or overwritten before they were read. The latter are
    /// counted when the reader reaches them.
    /// </summary>
    public nuint LostEvents => _state.IsAlive ? Atomic.Read(ref _state.Pointer->Lost) : 0;

    /// <summary>Creates a ring.</summary>
    /// <param name="capacity">The minimum capacity, in events; rounded up to a power of two.</param>
    /// <param name="overflow">The event to lose when the ring is full.</param>
    /// <param name="ring">The created ring.</param>
    /// <returns>
    /// <see langword="false"/> if the capacity is 0 or too large, or the system is out of memory.
    /// </returns>
    public static bool TryCreate(nuint capacity, TraceOverflow overflow, out TraceRing ring)
    {
        ring = default;
        if (capacity == 0 || capacity > Layout.MaxSize / 4 / (nuint)sizeof(TraceRecord)
            || !StateHandle<TraceRingState>.TryCreate(out StateHandle<TraceRingState> state))
        {
            return false;
        }

        nuint records = (nuint)BitOperations.RoundUpToPowerOf2((ulong)capacity);
        state.Pointer->Records = (TraceRecord*)Os.Map(BytesOf(records));
        if (state.Pointer->Records == null)
        {
            _ = state.TryRetire();
            state.Release();
            return false;
        }

        state.Pointer->Capacity = records;
        state.Pointer->DropsNewest = overflow == TraceOverflow.DropNewest;
        ring = new TraceRing(state);
        return true;
    }

    /// <summary>Writes an event. Thread-safe.</summary>
    internal void Write(TraceEvent* trace)
    {
        if (_state.IsAlive)
        {
            TraceRingState.Write(_state.Pointer, trace);
        }
    }

    /// <summary>
    /// Returns an enumerator that removes the current events, oldest first. It ends at the first event that
    /// is still being written. Only one thread may read at a time.
    /// </summary>
    public TraceReader Read() => new(_state);

    private static nuint BytesOf(nuint records) =>
        Layout.AlignUp(records * (nuint)sizeof(TraceRecord), Os.PageSize);
}
