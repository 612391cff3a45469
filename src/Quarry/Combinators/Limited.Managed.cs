using System;
using System.Diagnostics;

namespace Quarry;

/// <content>Creation and disposal in .NET.</content>
[DebuggerDisplay("{DebuggerText,nq}")]
public readonly unsafe partial struct Limited<TInner> : IDisposable, IMortal
{
    /// <summary>Gets a value that indicates whether the allocator was created and is not disposed.</summary>
    public bool IsAlive => _handle.IsAlive;

    /// <summary>Initializes an allocator with a limit.</summary>
    /// <param name="inner">
    /// The inner allocator. It is not disposed with this one, and must outlive it.
    /// </param>
    /// <param name="limit">The maximum number of bytes in use.</param>
    /// <exception cref="ArgumentOutOfRangeException">The limit is 0.</exception>
    /// <exception cref="OutOfMemoryException">The system is out of memory.</exception>
    public Limited(TInner inner, nuint limit)
        : this(inner, limit, default(FailureHook))
    {
    }

    /// <summary>Initializes an allocator with a limit and a hook.</summary>
    /// <param name="inner">
    /// The inner allocator. It is not disposed with this one, and must outlive it.
    /// </param>
    /// <param name="limit">The maximum number of bytes in use.</param>
    /// <param name="hook">The hook to call when a request would exceed the limit.</param>
    /// <exception cref="ArgumentOutOfRangeException">The limit is 0.</exception>
    /// <exception cref="OutOfMemoryException">The system is out of memory.</exception>
    public Limited(TInner inner, nuint limit, FailureHook hook)
    {
        ArgumentOutOfRangeException.ThrowIfZero(limit);
        if (!TryCreate(inner, limit, hook, out this))
        {
            Throw.OutOfMemory(Layout.Of<LimitedState>());
        }
    }

    /// <summary>Initializes an allocator with a limit and a delegate as its hook.</summary>
    /// <param name="inner">
    /// The inner allocator. It is not disposed with this one, and must outlive it.
    /// </param>
    /// <param name="limit">The maximum number of bytes in use.</param>
    /// <param name="onLimit">
    /// The delegate, which receives the request that would exceed the limit. It can free memory and return
    /// <see langword="true"/> to have the request repeated; it must return <see langword="false"/> when there
    /// is nothing left to free. An exception that it throws reaches the caller of the request.
    /// </param>
    /// <exception cref="ArgumentOutOfRangeException">The limit is 0.</exception>
    /// <exception cref="OutOfMemoryException">The system is out of memory.</exception>
    public Limited(TInner inner, nuint limit, Func<Layout, bool> onLimit)
        : this(inner, limit)
    {
        ArgumentNullException.ThrowIfNull(onLimit);
        _handle.Pointer->Hook = DelegateHook.Create(
            layout => onLimit(layout) ? FailureResponse.Retry : FailureResponse.Fail);
    }

    /// <summary>
    /// Disposes the limit. All later requests fail, and blocks in use can still be freed. Further calls do
    /// nothing.
    /// </summary>
    public void Dispose()
    {
        if (_handle.TryRetire())
        {
            DelegateHook.Release(_handle.Pointer->Hook);
            _handle.Release();
        }
    }

    /// <inheritdoc/>
    Exception? IMortal.Failure => _handle.Failure("Limited") ?? Dead.Of(_inner);

    private string DebuggerText => _handle.IsAlive ? $"{UsedBytes} of {LimitBytes} bytes used" : "not alive";
}
