using System;
using System.Diagnostics;

namespace Quarry;

/// <content>Creation and disposal in .NET.</content>
[DebuggerDisplay("over {Inner}")]
public readonly unsafe partial struct Failing<TInner> : IDisposable, IMortal
{
    /// <summary>Gets a value that indicates whether the allocator was created and is not disposed.</summary>
    public bool IsAlive => _handle.IsAlive;

    /// <summary>Initializes an allocator that fails no request yet.</summary>
    /// <param name="inner">
    /// The inner allocator. It is not disposed with this one, and must outlive it.
    /// </param>
    /// <exception cref="OutOfMemoryException">The system is out of memory.</exception>
    public Failing(TInner inner)
    {
        if (!TryCreate(inner, out this))
        {
            Throw.OutOfMemory(Layout.Of<FailingState>());
        }
    }

    /// <summary>
    /// Disposes the counts. All later requests fail, and blocks in use can still be freed. Further calls do
    /// nothing.
    /// </summary>
    public void Dispose()
    {
        if (_handle.TryRetire())
        {
            _handle.Release();
        }
    }

    /// <inheritdoc/>
    Exception? IMortal.Failure => _handle.Failure("Failing") ?? Dead.Of(_inner);
}
