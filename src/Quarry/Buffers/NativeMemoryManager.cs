using System;
using System.Buffers;
using System.Runtime.CompilerServices;
using System.Threading;

namespace Quarry;

/// <summary>Memory outside the managed heap as <see cref="Memory{T}"/>, with one owner.</summary>
/// <remarks>
/// Disposing it gives the memory back, once; or, while it is pinned, the last <see cref="Unpin"/> does.
/// After that everything that asks for the memory throws <see cref="ObjectDisposedException"/>, copies of
/// <see cref="Memory{T}"/> included. A span that was taken before is not guarded. There is no finalizer: what
/// is not disposed is lost. Any thread may use any member.
/// </remarks>
public abstract unsafe class NativeMemoryManager<T> : MemoryManager<T>, IMemoryOwner<T> where T : unmanaged
{
    private const int Owned = 1, OnePin = 2;

    private T* _first;
    private int _length;

    // Whether it has memory and is not disposed, in the lowest bit, and how often it is pinned, above. Memory
    // goes back where it becomes 0, so once.
    private int _state;

    private protected NativeMemoryManager()
    {
    }

    /// <summary>Whether it was disposed.</summary>
    public bool IsDisposed => (Volatile.Read(ref _state) & Owned) == 0;

    /// <summary>The elements.</summary>
    /// <exception cref="ObjectDisposedException">It was disposed.</exception>
    public override Span<T> GetSpan()
    {
        ObjectDisposedException.ThrowIf(IsDisposed, this);
        return new Span<T>(_first, _length);
    }

    /// <summary>
    /// Gives the address of an element, and keeps the memory until <see cref="Unpin"/>, even if it is
    /// disposed meanwhile. The memory never moves.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The index is no element's, nor the end.</exception>
    /// <exception cref="ObjectDisposedException">It was disposed.</exception>
    public override MemoryHandle Pin(int elementIndex = 0)
    {
        int seen = Volatile.Read(ref _state);
        for (; ; )
        {
            ObjectDisposedException.ThrowIf((seen & Owned) == 0, this);
            ArgumentOutOfRangeException.ThrowIfNegative(elementIndex);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(elementIndex, _length);
            int now = Interlocked.CompareExchange(ref _state, seen + OnePin, seen);
            if (now == seen)
            {
                return new MemoryHandle(_first + elementIndex, default, this);
            }

            seen = now;
        }
    }

    /// <summary>Takes one <see cref="Pin"/> back.</summary>
    /// <exception cref="InvalidOperationException">It is not pinned.</exception>
    public override void Unpin()
    {
        int seen = Volatile.Read(ref _state);
        for (; ; )
        {
            if (seen < OnePin)
            {
                throw new InvalidOperationException("The memory is not pinned.");
            }

            int now = Interlocked.CompareExchange(ref _state, seen - OnePin, seen);
            if (now == seen)
            {
                break;
            }

            seen = now;
        }

        if (seen == OnePin)
        {
            Release();
        }
    }

    /// <summary>Gives the memory back. Doing so again is harmless.</summary>
#pragma warning disable CA1816 // there is no finalizer, and derived types cannot be written elsewhere
    public void Dispose() => End();
#pragma warning restore CA1816

    /// <inheritdoc/>
    protected override void Dispose(bool disposing) => End();

    private protected virtual void End()
    {
        if (TryEnd())
        {
            Release();
        }
    }

    /// <summary>Ends the ownership.</summary>
    /// <returns>True if the memory is to be released: it is not pinned, and was not disposed.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private protected bool TryEnd()
    {
        // In one step as a rule, as it is not pinned.
        int seen = Interlocked.CompareExchange(ref _state, 0, Owned);
        return seen == Owned || ((seen & Owned) != 0 && Interlocked.And(ref _state, ~Owned) == Owned);
    }

    private protected T* First => _first;

    private protected int Length => _length;

    /// <summary>Begins to own memory; there is none so far.</summary>
    private protected void Open(void* first, int length)
    {
        _first = (T*)first;
        _length = length;
        Volatile.Write(ref _state, Owned);
    }

    /// <summary>Shuts all others out until <see cref="Open"/>, so that the memory may be replaced.</summary>
    /// <returns>False if it is pinned or disposed.</returns>
    private protected bool TryClose() => Interlocked.CompareExchange(ref _state, 0, Owned) == Owned;

    /// <summary>Gives the memory back; nobody uses it any more.</summary>
    private protected abstract void Release();
}
