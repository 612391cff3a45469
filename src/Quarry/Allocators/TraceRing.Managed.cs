using System;

namespace Quarry;

/// <content>Making and disposing in .NET.</content>
public readonly unsafe partial struct TraceRing : IDisposable
{
    /// <summary>Makes a ring.</summary>
    /// <param name="capacity">How many events it holds at least; rounded up to a power of two.</param>
    /// <param name="overflow">What happens to the next one.</param>
    /// <exception cref="ArgumentOutOfRangeException">The capacity is 0.</exception>
    /// <exception cref="OutOfMemoryException">The system has no memory for it.</exception>
    public TraceRing(nuint capacity, TraceOverflow overflow = TraceOverflow.OverwriteOldest)
    {
        ArgumentOutOfRangeException.ThrowIfZero(capacity);
        if (!TryCreate(capacity, overflow, out this))
        {
            throw new OutOfMemoryException(
                $"There is no memory for a ring of {capacity} events of {sizeof(TraceRecord)} bytes.");
        }
    }

    /// <summary>Gives the memory back. Nobody may be writing or reading.</summary>
    public void Dispose()
    {
        if (_state.TryRetire())
        {
            Os.Unmap(_state.Pointer->Records, BytesOf(_state.Pointer->Capacity));
            _state.Release();
        }
    }
}
