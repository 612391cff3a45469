using System.Numerics;

namespace Quarry;

/// <summary>An event in a <see cref="TraceRing"/>: a cache line, so that writers do not meet.</summary>
internal struct TraceRecord
{
    private const int ThreadShift = 16, AlignmentShift = 8, ByteMask = 0xFF;

    /// <summary>Twice the position, and 1 while it is being written, or 2 once it is.</summary>
    internal nuint State;

    /// <summary>One more than the last position that was given up, because its record was busy.</summary>
    internal nuint GivenUp;

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
            Ticks = _ticks,
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
            // An alignment is a power of two, and no address has more than 48 bits.
            ulong alignment = (ulong)BitOperations.Log2((ulong)value.Alignment) << AlignmentShift;
            _ticks = value.Ticks;
            _threadAndKind = ((ulong)value.Thread << ThreadShift) | alignment | (ulong)value.Kind;
            _address = value.Address;
            _size = value.Size;
            _newAddress = value.NewAddress;
            _newSize = value.NewSize;
        }
    }
}
