using System;

namespace Quarry;

/// <content>Making and disposing in .NET.</content>
public readonly unsafe partial struct Failing<TInner> : IDisposable
{
    /// <summary>Watches an allocator that stays the caller's, and must outlive this; fails nothing yet.</summary>
    /// <exception cref="OutOfMemoryException">The system has no memory.</exception>
    public Failing(TInner inner)
    {
        if (!TryCreate(inner, out this))
        {
            Throw.OutOfMemory(Layout.Of<FailingState>());
        }
    }

    /// <summary>Ends the service: every request fails. Again does no harm.</summary>
    public void Dispose()
    {
        if (_handle.TryRetire())
        {
            _handle.Release();
        }
    }
}
