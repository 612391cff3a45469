using System.Numerics;

namespace Quarry;

/// <summary>
/// An event in a <see cref="TraceRing"/>. It fills a cache line, so that writers of different records do not
/// contend.
/// </summary>
/// <remarks>
/// <see cref="State"/> is a sequence lock. A writer that has claimed the record owns it exclusively; a reader
/// copies the event between two loads of the same complete state.
/// </remarks>
internal struct TraceRecord
{
    private const int ThreadShift = 16, AlignmentShift = 8, ByteMask = 0xFF;

    /// <summary>
    /// Twice the position of the event, plus 1 while it is being written, or plus 2 when it is complete.
    /// </summary>
    internal nuint State;

    /// <summary>One more than the highest position that was abandoned because the record was busy.</summary>
    internal nuint Abandoned;

    private ulong _ticks;
    private ulong _threadAndKind;
    private nuint _address;
    private nuint _size;
    private nuint _newAddress;
    private nuint _newSize;

    internal TraceEvent Event
    {
        readonly get => new()
        {
            Nanoseconds = _ticks,
            Thread = (nuint)(_threadAndKind >> ThreadShift),
            Kind = (TraceEventKind)(_threadAndKind & ByteMask),
            Alignment = (nuint)1 << (int)((_threadAndKind >> AlignmentShift) & ByteMask),
            Address = _address,
            Size = _size,
            NewAddress = _newAddress,
            NewSize = _newSize,
        };
        set
        {
            // An alignment is a power of two, so its logarithm is stored. A user-space address has at most 48
            // bits.
            ulong alignment = (ulong)BitOperations.Log2((ulong)value.Alignment) << AlignmentShift;
            _ticks = value.Nanoseconds;
            _threadAndKind = ((ulong)value.Thread << ThreadShift) | alignment | (ulong)value.Kind;
            _address = value.Address;
            _size = value.Size;
            _newAddress = value.NewAddress;
            _newSize = value.NewSize;
        }
    }
}
