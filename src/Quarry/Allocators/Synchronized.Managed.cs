using System;

namespace Quarry;

/// <content>Making and disposing in .NET.</content>
public readonly unsafe partial struct Synchronized<TInner> : IDisposable
{
    /// <summary>Guards an allocator that stays the caller's, and must outlive this.</summary>
    /// <exception cref="OutOfMemoryException">The system has no memory.</exception>
    public Synchronized(TInner inner)
    {
        if (!TryCreate(inner, out this))
        {
            Throw.OutOfMemory(Layout.Of<SynchronizedState>());
        }
    }

    /// <summary>Gives the lock back; nobody may be inside. Again does no harm.</summary>
    public void Dispose()
    {
        if (_handle.TryRetire())
        {
            _handle.Release();
        }
    }
}
