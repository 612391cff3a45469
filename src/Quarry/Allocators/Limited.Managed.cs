using System;

namespace Quarry;

/// <content>Making and disposing in .NET.</content>
public readonly unsafe partial struct Limited<TInner> : IDisposable
{
    /// <summary>Limits an allocator that stays the caller's, and must outlive this.</summary>
    /// <param name="inner">The allocator that serves.</param>
    /// <param name="limit">The most bytes that may be in use.</param>
    /// <exception cref="ArgumentOutOfRangeException">The limit is 0.</exception>
    /// <exception cref="OutOfMemoryException">The system has no memory.</exception>
    public Limited(TInner inner, nuint limit)
        : this(inner, limit, default(FailureHook))
    {
    }

    /// <summary>Limits an allocator that stays the caller's, and must outlive this.</summary>
    /// <param name="inner">The allocator that serves.</param>
    /// <param name="limit">The most bytes that may be in use.</param>
    /// <param name="hook">Is asked when a request would exceed the limit.</param>
    /// <exception cref="ArgumentOutOfRangeException">The limit is 0.</exception>
    /// <exception cref="OutOfMemoryException">The system has no memory.</exception>
    public Limited(TInner inner, nuint limit, FailureHook hook)
    {
        ArgumentOutOfRangeException.ThrowIfZero(limit);
        if (!TryCreate(inner, limit, hook, out this))
        {
            Throw.OutOfMemory(Layout.Of<LimitedState>());
        }
    }

    /// <summary>Limits an allocator that stays the caller's, and must outlive this.</summary>
    /// <param name="inner">The allocator that serves.</param>
    /// <param name="limit">The most bytes that may be in use.</param>
    /// <param name="onLimit">
    /// Is told the request that would exceed the limit; may free something and answer true to have it tried
    /// again. It must answer false when it has nothing to free. What it throws reaches whoever made the
    /// request.
    /// </param>
    /// <exception cref="ArgumentOutOfRangeException">The limit is 0.</exception>
    /// <exception cref="OutOfMemoryException">The system has no memory.</exception>
    public Limited(TInner inner, nuint limit, Func<Layout, bool> onLimit)
        : this(inner, limit)
    {
        ArgumentNullException.ThrowIfNull(onLimit);
        _handle.Pointer->Hook = DelegateHook.Create(
            layout => onLimit(layout) ? FailureResponse.Retry : FailureResponse.Fail);
    }

    /// <summary>
    /// Ends the service: requests fail, blocks in use can still be given back. Again does no harm.
    /// </summary>
    public void Dispose()
    {
        if (_handle.TryRetire())
        {
            DelegateHook.Release(_handle.Pointer->Hook);
            _handle.Release();
        }
    }
}
