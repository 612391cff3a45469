using System;
using System.Collections.Generic;
using System.Threading;

namespace Quarry;

/// <summary>Arenas for many threads: each rents one, uses it alone, and returns it.</summary>
/// <remarks>
/// An arena that is returned is reset and keeps chunks as the pool's <see cref="Retention"/> says, so the next
/// one to rent it finds memory there already. The pool holds a bounded number; what is returned beyond that is
/// disposed of. Handles to an arena end when it is returned: whoever kept one gets null, or an
/// <see cref="ObjectDisposedException"/>, but never another's memory. Thread-safe; renting and returning take
/// a lock for some instructions.
/// </remarks>
public sealed class ArenaPool : IDisposable
{
    private readonly Lock _lock = new();
    private readonly Stack<Arena> _idle = new();
    private readonly ArenaOptions _options;
    private readonly Retention _retention;
    private bool _disposed;

    /// <summary>A pool that holds an arena for each processor.</summary>
    public ArenaPool()
        : this(Environment.ProcessorCount, new ArenaOptions())
    {
    }

    /// <summary>Makes a pool.</summary>
    /// <param name="capacity">How many arenas it holds at most; any number can be rented.</param>
    /// <param name="options">How its arenas are made.</param>
    /// <param name="retention">What an arena keeps when it is returned.</param>
    /// <exception cref="ArgumentOutOfRangeException">The capacity is not positive.</exception>
    public ArenaPool(int capacity, ArenaOptions options, Retention retention = Retention.Recent)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(capacity);
        Capacity = capacity;
        _options = options;
        _retention = retention;
    }

    /// <summary>How many arenas it holds at most.</summary>
    public int Capacity { get; }

    /// <summary>How many arenas are there to be rented.</summary>
    public int IdleCount
    {
        get
        {
            lock (_lock)
            {
                return _idle.Count;
            }
        }
    }

    /// <summary>An arena for the caller alone: one that was returned, the latest first, or a new one.</summary>
    /// <exception cref="ObjectDisposedException">The pool was disposed of.</exception>
    /// <exception cref="OutOfMemoryException">The system has no memory for a new one.</exception>
    public Arena Rent()
    {
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            if (_idle.TryPop(out Arena idle))
            {
                return idle;
            }
        }

        return new Arena(_options);
    }

    /// <summary>Gives an arena back. Nobody may be using it, or anything in it, any more.</summary>
    /// <exception cref="ObjectDisposedException">It was returned before, or disposed of.</exception>
    public void Return(Arena arena)
    {
        ObjectDisposedException.ThrowIf(!arena.IsAlive, typeof(Arena));
        arena.Reset(_retention);
        if (!arena.TryRenew(out Arena renewed))
        {
            arena.Dispose();
            return;
        }

        lock (_lock)
        {
            if (!_disposed && _idle.Count < Capacity)
            {
                _idle.Push(renewed);
                return;
            }
        }

        renewed.Dispose();
    }

    /// <summary>Disposes of the arenas it holds; those that are returned later are disposed of then.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            _disposed = true;
            while (_idle.TryPop(out Arena idle))
            {
                idle.Dispose();
            }
        }
    }
}
