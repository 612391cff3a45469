using System;

namespace Quarry;

/// <content>Making and disposing in .NET.</content>
public readonly unsafe partial struct Hooked<TInner> : IDisposable
{
    /// <summary>Hooks an allocator that stays the caller's, and must outlive this.</summary>
    /// <exception cref="OutOfMemoryException">The system has no memory.</exception>
    public Hooked(TInner inner, FailureHook hook)
    {
        if (!TryCreate(inner, hook, out this))
        {
            Throw.OutOfMemory(Layout.Of<HookedState>());
        }
    }

    /// <summary>Hooks an allocator that stays the caller's, and must outlive this.</summary>
    /// <param name="inner">The allocator that serves.</param>
    /// <param name="hook">
    /// Is told the size and alignment, and may free memory before it answers. What it throws reaches
    /// whoever made the request.
    /// </param>
    /// <exception cref="OutOfMemoryException">The system has no memory.</exception>
    public Hooked(TInner inner, Func<Layout, FailureResponse> hook)
        : this(inner, default(FailureHook))
    {
        ArgumentNullException.ThrowIfNull(hook);
        *_handle.Pointer = DelegateHook.Create(hook);
    }

    /// <summary>Lets go of the hook: requests just fail from now on. Again does no harm.</summary>
    public void Dispose()
    {
        if (_handle.TryRetire())
        {
            DelegateHook.Release(*_handle.Pointer);
            _handle.Release();
        }
    }
}
