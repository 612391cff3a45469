using System;

namespace Quarry;

/// <summary>A part of an arena's life: what is taken in it is given back at its end.</summary>
/// <remarks>
/// Scopes end in the reverse order of their beginning, which <c>using</c> sees to. Nothing that was made
/// before may grow inside: it would grow into memory that ends with the scope.
/// </remarks>
public ref struct ArenaScope
{
    private readonly Arena _arena;
    private readonly ArenaMark _mark;
    private bool _ended;

    internal ArenaScope(Arena arena)
    {
        _arena = arena;
        _mark = arena.Mark();
    }

    /// <summary>Ends the scope. Again, or if the arena has ended already, does no harm.</summary>
    /// <exception cref="InvalidOperationException">
    /// The arena was reset, or a scope around this one has ended before.
    /// </exception>
    public void Dispose()
    {
        if (!_ended && _arena.IsAlive)
        {
            _arena.Rewind(_mark);
        }

        _ended = true;
    }
}
