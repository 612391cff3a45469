namespace Quarry.Gc;

/// <summary>Visits every object of the heap, in the order of their addresses.</summary>
/// <remarks>
/// Threads must be suspended: an object that is being made has no method table yet, and the walk of its
/// chunk ends there. Nothing is ever freed, so what is visited is what was allocated.
/// </remarks>
internal unsafe struct HeapWalk
{
    private byte* _chunk;
    private byte* _place;
    private byte* _limit;
    private readonly byte* _end;

    /// <summary>Begins at the start of the heap, and ends at what is its end now.</summary>
    internal HeapWalk(byte* start, byte* end)
    {
        _chunk = start;
        _end = end;
        _place = null;
        _limit = null;
    }

    /// <summary>Goes on to the next object.</summary>
    /// <returns>False if there is none.</returns>
    internal bool MoveNext(out byte* place, out uint* methodTable, out nuint size)
    {
        for (; ; )
        {
            if (_place + ObjectHeader.MinSize <= _limit)
            {
                methodTable = ObjectHeader.MethodTableOf(_place);
                if (methodTable != null)
                {
                    place = _place;
                    size = ObjectHeader.SizeOf(place, methodTable);
                    _place += size;
                    return true;
                }
            }

            if (_chunk >= _end)
            {
                place = null;
                methodTable = null;
                size = 0;
                return false;
            }

            Chunk* chunk = (Chunk*)_chunk;
            if (chunk->Size == 0)
            {
                // At the end of the process, when threads are not suspended: it is being made.
                _chunk = _end;
                continue;
            }

            _place = Chunk.First(chunk);
            _limit = Chunk.Limit(chunk);
            _chunk += chunk->Size;
        }
    }
}
