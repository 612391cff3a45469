using System.Numerics;

namespace Quarry;

/// <summary>A ring of events in memory, written by any number of threads and read by one.</summary>
/// <remarks>
/// <para>
/// An event takes 64 bytes. To write one takes two or three atomic operations and no lock, and no writer ever
/// waits for another one or for the reader. Reading while others write is possible.
/// </para>
/// <para>
/// A value is a handle, its copies are the same ring. Several allocators may trace into one. It is to outlive
/// them: nobody may be writing when it is disposed of; events that come later are dropped.
/// </para>
/// </remarks>
public readonly unsafe partial struct TraceRing
{
    private readonly StateHandle<TraceRingState> _state;

    private TraceRing(StateHandle<TraceRingState> state) => _state = state;

    /// <summary>Whether this is the default value, which is no ring.</summary>
    public bool IsDefault => _state.IsDefault;

    /// <summary>How many events fit; 0 once it is disposed of.</summary>
    public nuint Capacity => _state.IsAlive ? _state.Pointer->Capacity : 0;

    /// <summary>
    /// Events that were dropped, or overwritten before they were read; those, as far as reading has found
    /// out.
    /// </summary>
    public nuint LostEvents => _state.IsAlive ? Atomic.Read(ref _state.Pointer->Lost) : 0;

    /// <summary>Makes a ring.</summary>
    /// <param name="capacity">How many events it holds at least; rounded up to a power of two.</param>
    /// <param name="overflow">What happens to the next one.</param>
    /// <param name="ring">The ring.</param>
    /// <returns>False if the capacity is 0 or the system has no memory for it.</returns>
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
        state.Pointer->Stops = overflow == TraceOverflow.DropNewest;
        ring = new TraceRing(state);
        return true;
    }

    /// <summary>Writes an event. Any thread may.</summary>
    internal void Write(TraceEvent* trace)
    {
        if (_state.IsAlive)
        {
            TraceRingState.Write(_state.Pointer, trace);
        }
    }

    /// <summary>
    /// Takes the events that are there, from the oldest on: they are gone afterwards. For one thread at a
    /// time. Ends at the first that is still being written.
    /// </summary>
    public TraceReader Read() => new(_state);

    private static nuint BytesOf(nuint records) =>
        Layout.AlignUp(records * (nuint)sizeof(TraceRecord), Os.PageSize);
}
