using System;
using System.Buffers;
using System.Threading;

namespace Quarry;

/// <summary>Memory outside the managed heap as <see cref="Memory{T}"/>, with one owner.</summary>
/// <remarks>
/// Disposing it gives the memory back, once; or, while it is pinned, the last <see cref="Unpin"/> does.
/// After that everything that asks for the memory throws <see cref="ObjectDisposedException"/>, copies of
/// <see cref="Memory{T}"/> included. A span that was taken before is not guarded. There is no finalizer: what
/// is not disposed is lost. Any thread may use any member.
/// </remarks>
public abstract unsafe class NativeMemoryManager<T> : MemoryManager<T> where T : unmanaged
{
    private const int Ended = 1, OnePin = 2;

    private T* _first;
    private int _length;

    // Whether it is disposed, in the lowest bit, and how often it is pinned, above. Memory goes back where it
    // becomes exactly Ended, so once.
    private int _state = Ended;

    private protected NativeMemoryManager()
    {
    }

    /// <summary>Whether it was disposed.</summary>
    public bool IsDisposed => (Volatile.Read(ref _state) & Ended) != 0;

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
            ObjectDisposedException.ThrowIf((seen & Ended) != 0, this);
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

        if (seen - OnePin == Ended)
        {
            Release();
        }
    }

    /// <summary>Gives the memory back. Doing so again is harmless.</summary>
    public void Dispose() => Dispose(disposing: true);

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (Interlocked.Or(ref _state, Ended) == 0)
        {
            Release();
        }
    }

    private protected T* First => _first;

    private protected int Length => _length;

    /// <summary>Begins to own memory; there is none so far.</summary>
    private protected void Open(void* first, int length)
    {
        _first = (T*)first;
        _length = length;
        Volatile.Write(ref _state, 0);
    }

    /// <summary>Shuts all others out until <see cref="Open"/>, so that the memory may be replaced.</summary>
    /// <returns>False if it is pinned or disposed.</returns>
    private protected bool TryClose() => Interlocked.CompareExchange(ref _state, Ended, 0) == 0;

    /// <summary>Gives the memory back; nobody uses it any more.</summary>
    private protected abstract void Release();
}
