using System;

namespace Quarry;

/// <summary>Represents a part of an arena's life: blocks allocated in it are freed at its end.</summary>
/// <remarks>
/// Scopes end in the reverse order of their beginning, which <c>using</c> ensures. Nothing that was created
/// before a scope may grow inside: it would grow into memory that is freed with the scope.
/// </remarks>
public ref struct ArenaScope
{
    private readonly Arena _arena;
    private readonly ArenaMark _mark;
    private readonly nuint _outer;
    private bool _ended;

    internal ArenaScope(Arena arena, nuint outer)
    {
        _arena = arena;
        _mark = arena.Mark();
        _outer = outer;
    }

    /// <summary>Ends the scope. Does nothing if the scope has ended, or the arena is disposed.</summary>
    /// <exception cref="InvalidOperationException">
    /// The arena was reset, or a scope around this one has ended before.
    /// </exception>
    public void Dispose()
    {
        if (!_ended && _arena.IsAlive)
        {
            _arena.EndScope(_mark, _outer);
        }

        _ended = true;
    }
}
