using System;
using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;

namespace Quarry;

/// <content>Creation and rewinding in .NET.</content>
[DebuggerDisplay("{DebuggerText,nq}")]
public readonly unsafe partial struct Arena : IDisposable, IMortal
{
    /// <summary>Initializes an arena over the pages of the operating system, without a limit.</summary>
    /// <exception cref="OutOfMemoryException">The system is out of memory.</exception>
    public Arena()
        : this(new ArenaOptions())
    {
    }

    /// <summary>Initializes an arena over the pages of the operating system.</summary>
    /// <param name="limit">The maximum total size of the chunks, in bytes; 0 for no limit.</param>
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
        options = options.OrDefaults();
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
                "The mark is invalid: the arena was reset, or rewound to an earlier mark; or the mark is of "
                + "another arena.");
        }
    }

    /// <summary>Begins a scope. Blocks allocated in it are freed at its end. Scopes can be nested.</summary>
    /// <example><code>using (arena.Scope()) { ... }</code></example>
    /// <exception cref="ObjectDisposedException">The arena is disposed.</exception>
    public ArenaScope Scope()
    {
        ThrowIfDisposed();
        return new ArenaScope(this, State->Scopes++);
    }

    /// <summary>Ends a scope, and with it those that began in it.</summary>
    /// <param name="mark">The position at which the scope began.</param>
    /// <param name="outer">The number of scopes around it.</param>
    /// <exception cref="InvalidOperationException">
    /// The arena was reset, or a scope around this one has ended before.
    /// </exception>
    internal void EndScope(ArenaMark mark, nuint outer)
    {
        if (State->Scopes <= outer)
        {
            throw new InvalidOperationException(
                "The scope has ended already: the arena was reset, or a scope around this one was disposed.");
        }

        Rewind(mark);
        State->Scopes = outer;
    }

    private void ThrowIfDisposed()
    {
        if (_handle.Failure(nameof(Arena)) is { } failure)
        {
            throw failure;
        }
    }

    static partial void ThrowIfUnfounded(ArenaState* state)
    {
        if (Checks.Enabled && !ArenaSource.IsAlive(&state->Source))
        {
            Throw.Disposed("inner allocator of the Arena");
        }
    }

    // Static, as AllocateSlow: a struct whose address is taken is not kept in registers.
    [DoesNotReturn]
    private static void ThrowForFailed(StateHandle<ArenaState> handle, Layout layout)
    {
        if (handle.Failure(nameof(Arena)) is { } failure)
        {
            throw failure;
        }

        Throw.OutOfMemory(layout);
    }

    /// <inheritdoc/>
    Exception? IMortal.Failure => _handle.Failure("Arena");

    private string DebuggerText => IsAlive ? $"{UsedBytes} of {AllocatedBytes} bytes used" : "not alive";
}
