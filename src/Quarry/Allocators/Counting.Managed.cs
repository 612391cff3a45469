using System;
using System.Runtime.InteropServices;

namespace Quarry;

/// <content>For managed callers.</content>
public readonly unsafe partial struct Counting<TInner> : IDisposable
{
    /// <summary>Begins to count for an allocator.</summary>
    /// <exception cref="OutOfMemoryException">The system has no memory for the counters.</exception>
    public Counting(TInner inner)
    {
        if (!TryCreate(inner, out this))
        {
            Throw.OutOfMemory(Layout.Of<CountingState>());
        }
    }

    /// <summary>
    /// Has a callback called once, when more bytes than a threshold are in use, by the thread that exceeds it
    /// and with the bytes in use; at once if they are in use already.
    /// </summary>
    /// <remarks>
    /// It is called after the block was taken; it may use the allocator and set the next threshold. An
    /// exception it throws is dropped, as no allocator may throw. Only the last threshold set counts. For
    /// one thread at a time.
    /// </remarks>
    /// <exception cref="ObjectDisposedException">The counters are gone.</exception>
    public void SetThreshold(nuint bytes, Action<nuint> onExceeded)
    {
        ArgumentNullException.ThrowIfNull(onExceeded);
        ObjectDisposedException.ThrowIf(!_state.IsAlive, typeof(Counting<TInner>));
        CountingState* state = _state.Pointer;
        _ = TakeCallback(state);
        _ = state->ExchangeCallback((nuint)GCHandle.ToIntPtr(GCHandle.Alloc(onExceeded)));
        state->SetThreshold(bytes, &Exceeded, state);
    }

    /// <summary>Ends the counting. The allocator inside and its blocks stay as they are.</summary>
    public void Dispose()
    {
        if (_state.TryRetire())
        {
            _ = TakeCallback(_state.Pointer);
            _state.Release();
        }
    }

    private static void Exceeded(void* state, nuint bytes)
    {
        Action<nuint>? callback = TakeCallback((CountingState*)state);
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

    /// <summary>The callback, to whoever asks for it first.</summary>
    private static Action<nuint>? TakeCallback(CountingState* state)
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
}
