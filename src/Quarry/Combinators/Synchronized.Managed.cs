using System;
using System.Diagnostics;

namespace Quarry;

/// <content>Creation and disposal in .NET.</content>
[DebuggerDisplay("over {Inner}")]
public readonly unsafe partial struct Synchronized<TInner> : IDisposable, IMortal
{
    /// <summary>Gets a value that indicates whether the allocator was created and is not disposed.</summary>
    public bool IsAlive => _handle.IsAlive;

    /// <summary>Initializes a synchronized allocator.</summary>
    /// <param name="inner">
    /// The inner allocator. It is not disposed with this one, and must outlive it.
    /// </param>
    /// <exception cref="OutOfMemoryException">The system is out of memory.</exception>
    public Synchronized(TInner inner)
    {
        if (!TryCreate(inner, out this))
        {
            Throw.OutOfMemory(Layout.Of<SynchronizedState>());
        }
    }

    /// <summary>
    /// Disposes the lock. No thread may be using the allocator. All later requests fail, and blocks in use
    /// can still be freed, without synchronization. Further calls do nothing.
    /// </summary>
    public void Dispose()
    {
        if (_handle.TryRetire())
        {
            _handle.Release();
        }
    }

    /// <inheritdoc/>
    Exception? IMortal.Failure => _handle.Failure("Synchronized") ?? Dead.Of(_inner);
}
