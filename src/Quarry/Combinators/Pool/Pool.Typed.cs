using System;

namespace Quarry;

/// <summary>Values of one type, each in a block of a <see cref="Pool{TInner}"/>.</summary>
/// <remarks>
/// For what is made and dropped all the time: nodes, jobs, packets. Their memory is outside the managed
/// heap, at fixed addresses, packed without headers. For one thread.
/// </remarks>
/// <typeparam name="T">The type of the values.</typeparam>
/// <typeparam name="TInner">The allocator the chunks come from.</typeparam>
public readonly unsafe struct Pool<T, TInner> : IDisposable
    where T : unmanaged
    where TInner : unmanaged, IAllocator
{
    private readonly Pool<TInner> _blocks;

    /// <summary>
    /// Makes a pool without a limit; the inner allocator stays the caller's, and must outlive it.
    /// </summary>
    /// <exception cref="OutOfMemoryException">The system has no memory.</exception>
    public Pool(TInner inner) => _blocks = new Pool<TInner>(inner, Layout.Of<T>());

    /// <summary>Makes a pool over an allocator that stays the caller's, and must outlive it.</summary>
    /// <param name="inner">The allocator the chunks come from.</param>
    /// <param name="limit">The maximum total size of the chunks, in bytes; 0 for no limit.</param>
    /// <exception cref="OutOfMemoryException">The system has no memory.</exception>
    public Pool(TInner inner, nuint limit) => _blocks = new Pool<TInner>(inner, Layout.Of<T>(), limit);

    /// <summary>Gets a value that indicates whether the pool was created and is not disposed.</summary>
    public bool IsAlive => _blocks.IsAlive;

    /// <summary>The pool of blocks, which is an allocator.</summary>
    public Pool<TInner> Blocks => _blocks;

    /// <summary>Takes a value, which is the caller's until it returns it; zeroed.</summary>
    /// <exception cref="OutOfMemoryException">
    /// The limit is reached, or the inner allocator has no memory.
    /// </exception>
    /// <exception cref="ObjectDisposedException">The pool is gone.</exception>
    public T* Rent()
    {
        if (!TryRent(out T* value))
        {
            Throw.Unserved(_blocks, Layout.Of<T>());
        }

        return value;
    }

    /// <summary>Takes a value, which is the caller's until it returns it; zeroed.</summary>
    /// <returns>False if the limit is reached, or the inner allocator has no memory.</returns>
    public bool TryRent(out T* value)
    {
        value = (T*)_blocks.Allocate(Layout.Of<T>());
        if (value == null)
        {
            return false;
        }

        *value = default;
        return true;
    }

    /// <summary>Gives a value of this pool back; nobody may use it any more. Null is harmless.</summary>
    public void Return(T* value) => _blocks.Deallocate(value, Layout.Of<T>());

    /// <summary>Gives all memory back to the inner allocator. Again does no harm.</summary>
    public void Dispose() => _blocks.Dispose();
}
