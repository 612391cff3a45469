using System;
using System.Diagnostics;

namespace Quarry;

/// <content>Creation and disposal in .NET.</content>
[DebuggerDisplay("over {Inner}")]
public readonly unsafe partial struct Hooked<TInner> : IDisposable, IMortal
{
    /// <summary>Gets a value that indicates whether the allocator was created and is not disposed.</summary>
    public bool IsAlive => _handle.IsAlive;

    /// <summary>Initializes an allocator with a hook.</summary>
    /// <param name="inner">
    /// The inner allocator. It is not disposed with this one, and must outlive it.
    /// </param>
    /// <param name="hook">The hook.</param>
    /// <exception cref="OutOfMemoryException">The system is out of memory.</exception>
    public Hooked(TInner inner, FailureHook hook)
    {
        if (!TryCreate(inner, hook, out this))
        {
            Throw.OutOfMemory(Layout.Of<HookedState>());
        }
    }

    /// <summary>Initializes an allocator with a delegate as its hook.</summary>
    /// <param name="inner">
    /// The inner allocator. It is not disposed with this one, and must outlive it.
    /// </param>
    /// <param name="hook">
    /// The delegate, which receives the size and alignment of the request, and can free memory before it
    /// returns. An exception that it throws reaches the caller of the request.
    /// </param>
    /// <exception cref="OutOfMemoryException">The system is out of memory.</exception>
    public Hooked(TInner inner, Func<Layout, FailureResponse> hook)
        : this(inner, default(FailureHook))
    {
        ArgumentNullException.ThrowIfNull(hook);
        *_handle.Pointer = DelegateHook.Create(hook);
    }

    /// <summary>
    /// Releases the hook. Failed requests return null from now on. Further calls do nothing.
    /// </summary>
    public void Dispose()
    {
        if (_handle.TryRetire())
        {
            DelegateHook.Release(*_handle.Pointer);
            _handle.Release();
        }
    }

    /// <inheritdoc/>
    Exception? IMortal.Failure => _handle.Failure("Hooked") ?? Dead.Of(_inner);
}
