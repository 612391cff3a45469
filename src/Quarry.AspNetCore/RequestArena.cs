using System;

namespace Quarry.AspNetCore;

/// <summary>Provides the arena of a request, in which everything is freed when the request ends.</summary>
/// <remarks>
/// <para>
/// A scoped service, which <c>AddQuarryRequestArena</c> adds. The arena is rented from the application's
/// <see cref="ArenaPool"/> when it is first used, so a request that needs none costs one small object. At the
/// end of the request it is reset and returned, also if the request failed or its client is gone.
/// </para>
/// <para>
/// Nothing in the arena may be used after the request, such as by a task that was started and not awaited.
/// What is written to the response is copied before. An arena is for one thread at a time, as a request is
/// as long as its tasks are awaited one after the other.
/// </para>
/// </remarks>
public sealed class RequestArena : IDisposable
{
    private readonly ArenaPool _pool;
    private Arena _arena;
    private bool _disposed;

    /// <summary>Initializes a new instance that has no arena yet.</summary>
    /// <param name="pool">The pool to rent from.</param>
    public RequestArena(ArenaPool pool)
    {
        ArgumentNullException.ThrowIfNull(pool);
        _pool = pool;
    }

    /// <summary>Gets the arena of the request.</summary>
    /// <exception cref="ObjectDisposedException">The request has ended.</exception>
    /// <exception cref="OutOfMemoryException">The system has no memory for a new arena.</exception>
    public Arena Arena
    {
        get
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            if (!_arena.IsAlive)
            {
                _arena = _pool.Rent();
            }

            return _arena;
        }
    }

    /// <summary>Returns the arena to the pool, which ends everything in it.</summary>
    public void Dispose()
    {
        _disposed = true;
        if (_arena.IsAlive)
        {
            _pool.Return(_arena);
        }
    }
}
