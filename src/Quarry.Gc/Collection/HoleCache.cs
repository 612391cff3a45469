namespace Quarry.Gc;

/// <summary>Holes that a thread has acquired, and allocates from when its quantum is used up.</summary>
/// <remarks>
/// Where holes are small, a thread needs a thousand of them for a mebibyte. It therefore acquires as many at
/// a time as make up a quantum, and meets other threads at the lock of <see cref="FreeSpace"/> no more often
/// than where holes are large. Like all acquired memory, the holes are swept by the next collection, which
/// also empties the cache.
/// </remarks>
internal unsafe struct HoleCache
{
    private FreeObject* _first;

    /// <summary>Adds holes that are linked by <see cref="FreeObject.Next"/>.</summary>
    internal void Add(FreeObject* holes)
    {
        if (holes == null)
        {
            return;
        }

        FreeObject* last = holes;
        while (last->Next != null)
        {
            last = last->Next;
        }

        // In front of those that were too small for the present request.
        last->Next = _first;
        _first = holes;
    }

    /// <summary>Takes the first hole, if it has a size or is larger.</summary>
    internal bool TryTake(nuint least, out Hole hole)
    {
        hole = default;
        if (_first == null || FreeObject.SizeOf(_first) < least)
        {
            return false;
        }

        hole.Place = (byte*)_first;
        hole.Size = FreeObject.SizeOf(_first);
        _first = _first->Next;
        return true;
    }

    /// <summary>Forgets all holes.</summary>
    internal void Clear() => _first = null;
}
