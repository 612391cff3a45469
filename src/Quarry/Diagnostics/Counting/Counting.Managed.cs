using System;
using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Quarry;

/// <content>Creation, disposal and delegates in .NET.</content>
[DebuggerDisplay("{DebuggerText,nq}")]
public readonly unsafe partial struct Counting<TInner> : IDisposable, IMortal
{
    /// <summary>Initializes an allocator that counts.</summary>
    /// <param name="inner">
    /// The inner allocator. It is not disposed with this one, and must outlive it.
    /// </param>
    /// <exception cref="OutOfMemoryException">The system is out of memory.</exception>
    public Counting(TInner inner)
    {
        if (!TryCreate(inner, out this))
        {
            Throw.OutOfMemory(Layout.Of<CountingState>());
        }
    }

    /// <summary>Gets a value that indicates whether the counters were created and not disposed.</summary>
    public bool IsAlive => _state.IsAlive;

    /// <summary>Sets a delegate that is called once, when more bytes than a threshold are in use.</summary>
    /// <param name="bytes">The threshold, in bytes.</param>
    /// <param name="onExceeded">The delegate, which receives the number of bytes in use.</param>
    /// <remarks>
    /// The delegate runs on the thread that exceeds the threshold, after the block was allocated; if the
    /// threshold is exceeded already, it runs before this method returns. It can use the allocator and set
    /// the next threshold. An exception that it throws is discarded, as allocators do not throw. Each call
    /// replaces the previous threshold and delegate. No other thread may call this method at the same time.
    /// </remarks>
    /// <exception cref="ObjectDisposedException">The counters are disposed.</exception>
    public void SetThreshold(nuint bytes, Action<nuint> onExceeded)
    {
        ArgumentNullException.ThrowIfNull(onExceeded);
        ObjectDisposedException.ThrowIf(!_state.IsAlive, typeof(Counting<TInner>));
        CountingState* state = _state.Pointer;
        _ = ClaimCallback(state);
        _ = state->ExchangeCallback((nuint)GCHandle.ToIntPtr(GCHandle.Alloc(onExceeded)));
        state->SetThreshold(bytes, new ThresholdHook(&Exceeded, state));
    }

    /// <inheritdoc cref="CountingState.SetObserver"/>
    internal void SetObserver(HeapObserver* observer)
    {
        if (_state.IsAlive)
        {
            _state.Pointer->SetObserver(observer);
        }
    }

    /// <summary>Disposes the counters. The inner allocator and its blocks remain as they are.</summary>
    public void Dispose()
    {
        if (_state.TryRetire())
        {
            _ = ClaimCallback(_state.Pointer);
            _state.Release();
        }
    }

    private static void Exceeded(void* state, nuint bytes)
    {
        Action<nuint>? callback = ClaimCallback((CountingState*)state);
        try
        {
            callback?.Invoke(bytes);
        }
#pragma warning disable CA1031 // whatever it is, it must not leave an allocator
        catch
#pragma warning restore CA1031
        {
        }
    }

    /// <summary>Removes and returns the delegate; only one caller gets it.</summary>
    private static Action<nuint>? ClaimCallback(CountingState* state)
    {
        nuint word = state->ExchangeCallback(0);
        if (word == 0)
        {
            return null;
        }

        GCHandle handle = GCHandle.FromIntPtr((nint)word);
        Action<nuint>? callback = (Action<nuint>?)handle.Target;
        handle.Free();
        return callback;
    }

    /// <inheritdoc/>
    Exception? IMortal.Failure => Dead.Of(_inner);

    private string DebuggerText => IsAlive
        ? $"{Statistics.CurrentBytes} bytes in {Statistics.CurrentBlocks} blocks"
        : "not alive";
}
