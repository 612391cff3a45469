using System;
using System.Diagnostics.CodeAnalysis;

namespace Quarry;

/// <content>Creation and rewinding in .NET.</content>
public readonly unsafe partial struct Arena : IDisposable
{
    /// <summary>Initializes an arena over the pages of the operating system, without a limit.</summary>
    /// <exception cref="OutOfMemoryException">The system is out of memory.</exception>
    public Arena()
        : this(new ArenaOptions())
    {
    }

    /// <summary>Initializes an arena over the pages of the operating system.</summary>
    /// <param name="limit">The maximum total size of the chunks, in bytes.</param>
    /// <exception cref="ArgumentOutOfRangeException">The limit is 0.</exception>
    /// <exception cref="OutOfMemoryException">The system is out of memory.</exception>
    public Arena(nuint limit)
        : this(new ArenaOptions { LimitBytes = limit })
    {
    }

    /// <summary>Initializes an arena over the pages of the operating system.</summary>
    /// <param name="options">The limit, the sizes of chunks, and the alignment.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option is invalid.</exception>
    /// <exception cref="OutOfMemoryException">The system is out of memory.</exception>
    public Arena(ArenaOptions options) => this = Over(new PageAllocator(), options);

    /// <summary>
    /// Gets the chunks in use, newest first. The list is valid until the arena is used again.
    /// </summary>
    /// <exception cref="ObjectDisposedException">The arena is disposed.</exception>
    public ArenaChunkList Chunks
    {
        get
        {
            ThrowIfDisposed();
            return new ArenaChunkList(State);
        }
    }

    /// <summary>Creates an arena over any allocator, without a limit.</summary>
    /// <inheritdoc cref="Over{TInner}(TInner, ArenaOptions)"/>
    public static Arena Over<TInner>(TInner inner) where TInner : unmanaged, IAllocator =>
        Over(inner, new ArenaOptions());

    /// <summary>Creates an arena over any allocator.</summary>
    /// <param name="inner">
    /// The allocator of the chunks. It is not disposed with the arena, and must outlive it.
    /// </param>
    /// <param name="options">The limit, the sizes of chunks, and the alignment.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option is invalid.</exception>
    /// <exception cref="OutOfMemoryException">The system is out of memory.</exception>
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
                "The first chunk must have at least 64 bytes and must not exceed the maximum; "
                + "the alignment must be a power of two of at most 4096.");
        }

        return TryCreate(inner, options, out Arena arena)
            ? arena
            : throw new OutOfMemoryException("The system is out of memory: an arena cannot be created.");
    }

    /// <summary>Frees the blocks allocated since a mark; see <see cref="TryRewind"/>.</summary>
    /// <param name="mark">The position to return to.</param>
    /// <exception cref="InvalidOperationException">The mark is invalid.</exception>
    /// <exception cref="ObjectDisposedException">The arena is disposed.</exception>
    public void Rewind(ArenaMark mark)
    {
        ThrowIfDisposed();
        if (!TryRewind(mark))
        {
            throw new InvalidOperationException(
                "The mark is invalid: the arena was reset, or rewound to an earlier mark.");
        }
    }

    /// <summary>Begins a scope. Blocks allocated in it are freed at its end. Scopes can be nested.</summary>
    /// <example><code>using (arena.Scope()) { ... }</code></example>
    /// <exception cref="ObjectDisposedException">The arena is disposed.</exception>
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

    // Static, as AllocateSlow: a struct whose address is taken is not kept in registers.
    [DoesNotReturn]
    private static void ThrowForFailed(StateHandle<ArenaState> handle, Layout layout)
    {
        if (!handle.IsAlive)
        {
            Throw.Disposed(nameof(Arena));
        }

        Throw.OutOfMemory(layout);
    }
}
