using System;

namespace Quarry;

/// <content>Creation and disposal in .NET.</content>
public readonly unsafe partial struct TraceRing : IDisposable
{
    /// <summary>Initializes a ring.</summary>
    /// <param name="capacity">The minimum number of events that fit; rounded up to a power of two.</param>
    /// <param name="overflow">The event to lose when the ring is full.</param>
    /// <exception cref="ArgumentOutOfRangeException">The capacity is 0.</exception>
    /// <exception cref="OutOfMemoryException">The system is out of memory.</exception>
    public TraceRing(nuint capacity, TraceOverflow overflow = TraceOverflow.OverwriteOldest)
    {
        ArgumentOutOfRangeException.ThrowIfZero(capacity);
        if (!TryCreate(capacity, overflow, out this))
        {
            throw new OutOfMemoryException(
                $"A ring of {capacity} events of {sizeof(TraceRecord)} bytes cannot be allocated.");
        }
    }

    /// <summary>Gets a value that indicates whether the ring was created and is not disposed.</summary>
    public bool IsAlive => _state.IsAlive;

    /// <summary>
    /// Frees the memory of the ring. No thread may be writing or reading. Further calls do nothing.
    /// </summary>
    public void Dispose()
    {
        if (_state.TryRetire())
        {
            Os.Unmap(_state.Pointer->Records, BytesOf(_state.Pointer->Capacity));
            _state.Release();
        }
    }
}
