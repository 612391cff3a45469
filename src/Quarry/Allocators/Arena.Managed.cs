using System;
using System.Diagnostics.CodeAnalysis;

namespace Quarry;

/// <content>Making and rewinding in .NET.</content>
public readonly unsafe partial struct Arena : IDisposable
{
    /// <summary>Makes an arena of the system's pages, without a limit.</summary>
    /// <exception cref="OutOfMemoryException">The system has no memory for its state.</exception>
    public Arena()
        : this(new ArenaOptions())
    {
    }

    /// <summary>Makes an arena of the system's pages.</summary>
    /// <param name="limit">The most memory, in bytes, that the chunks may take.</param>
    /// <exception cref="ArgumentOutOfRangeException">The limit is 0.</exception>
    /// <exception cref="OutOfMemoryException">The system has no memory for its state.</exception>
    public Arena(nuint limit)
        : this(new ArenaOptions { LimitBytes = limit })
    {
    }

    /// <summary>Makes an arena of the system's pages.</summary>
    /// <exception cref="ArgumentOutOfRangeException">An option is no good.</exception>
    /// <exception cref="OutOfMemoryException">The system has no memory for its state.</exception>
    public Arena(ArenaOptions options) => this = Over(new PageAllocator(), options);

    /// <summary>What the chunks in use hold, the newest first. Valid until the arena is used again.</summary>
    /// <exception cref="ObjectDisposedException">The arena was disposed of.</exception>
    public ArenaChunkList Chunks
    {
        get
        {
            ThrowIfDisposed();
            return new ArenaChunkList(State);
        }
    }

    /// <summary>Makes an arena whose chunks come from any allocator, without a limit.</summary>
    /// <inheritdoc cref="Over{TInner}(TInner, ArenaOptions)"/>
    public static Arena Over<TInner>(TInner inner) where TInner : unmanaged, IAllocator =>
        Over(inner, new ArenaOptions());

    /// <summary>Makes an arena whose chunks come from any allocator.</summary>
    /// <param name="inner">Stays the caller's, and must outlive the arena.</param>
    /// <param name="options">Limit, sizes of chunks and alignment.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option is no good.</exception>
    /// <exception cref="OutOfMemoryException">The system has no memory for its state.</exception>
    public static Arena Over<TInner>(TInner inner, ArenaOptions options)
        where TInner : unmanaged, IAllocator
    {
        ArgumentOutOfRangeException.ThrowIfZero(options.LimitBytes);
        if (!options.AreValid)
        {
            Throw.OutOfRange(
                nameof(options),
                $"chunks of {options.FirstChunkBytes} to {options.MaxChunkBytes} bytes, "
                + $"aligned to {options.MinAlignment}",
                "A first chunk has 64 bytes at least and the largest no less than the first; "
                + "an alignment is a power of two up to 4096.");
        }

        return TryCreate(inner, options, out Arena arena)
            ? arena
            : throw new OutOfMemoryException("The system has no memory for the state of an arena.");
    }

    /// <summary>Gives back what was taken since the mark, see <see cref="TryRewind"/>.</summary>
    /// <exception cref="InvalidOperationException">The mark is void.</exception>
    /// <exception cref="ObjectDisposedException">The arena was disposed of.</exception>
    public void Rewind(ArenaMark mark)
    {
        ThrowIfDisposed();
        if (!TryRewind(mark))
        {
            throw new InvalidOperationException(
                "The mark is void: the arena was reset, or rewound to an earlier mark.");
        }
    }

    /// <summary>A scope: what is taken in it is given back at its end. Scopes nest.</summary>
    /// <example><code>using (arena.Scope()) { ... }</code></example>
    /// <exception cref="ObjectDisposedException">The arena was disposed of.</exception>
    public ArenaScope Scope()
    {
        ThrowIfDisposed();
        return new ArenaScope(this);
    }

    private void ThrowIfDisposed()
    {
        if (!IsAlive)
        {
            Throw.Disposed(nameof(Arena));
        }
    }

    // Not on this, for the sake of the registers: see AllocateSlow.
    [DoesNotReturn]
    private static void Refuse(StateHandle<ArenaState> handle, Layout layout)
    {
        if (!handle.IsAlive)
        {
            Throw.Disposed(nameof(Arena));
        }

        Throw.OutOfMemory(layout);
    }
}
