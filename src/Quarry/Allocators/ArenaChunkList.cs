namespace Quarry;

/// <summary>The chunks that an arena has blocks in, the newest first: for <c>foreach</c>.</summary>
public unsafe ref struct ArenaChunkList
{
    private readonly ArenaChunk* _newest;
    private readonly nuint _cursor;
    private ArenaChunk* _next;
    private ArenaChunk* _current;

    internal ArenaChunkList(ArenaState* state)
    {
        _newest = state->Current;
        _next = _newest;
        _cursor = state->Range.Next;
        _current = null;
    }

    /// <summary>The chunk it is at.</summary>
    public readonly ArenaChunkInfo Current
    {
        get
        {
            nuint start = ArenaChunk.BlocksStart(_current);
            nuint end = _current == _newest ? _cursor : _current->BlocksEnd;
            return new ArenaChunkInfo((void*)start, end - start, ArenaChunk.End(_current) - start);
        }
    }

    /// <summary>Itself.</summary>
    public readonly ArenaChunkList GetEnumerator() => this;

    /// <summary>Goes to the next chunk; false if there is none.</summary>
    public bool MoveNext()
    {
        _current = _next;
        _next = _current == null ? null : _current->Previous;
        return _current != null;
    }
}
