namespace Quarry.Gc;

/// <summary>Visits every object of the heap, in the order of addresses.</summary>
/// <remarks>
/// <para>
/// While threads are suspended, the walk visits all objects that were allocated and not collected. At the
/// end of the process, it runs concurrently with other threads, as the runtime can no longer suspend them.
/// It may then miss the last objects, but never returns an object where there is none:
/// </para>
/// <para>
/// A thread stores the method table of an array, then its length, then elements. The walk reads in the
/// opposite order: a word that may be the next method table, then the array's length. If the length is still
/// the one that led to the word, the word was not an element. In the same way, a thread stores the size of a
/// run that it extends before objects beyond the old end; the walk reads what may be the size of the next
/// run, then that of this one. Both rely on stores and loads being performed in program order, as on x86-64,
/// the only architecture that the library is compiled for.
/// </para>
/// <para>
/// Unsafe code may have overwritten objects. An invalid method table or an impossible size ends the walk of
/// its run.
/// </para>
/// </remarks>
internal unsafe struct HeapWalk
{
    private readonly byte* _end;
    private byte* _nextRun;

    // The run that is being walked, and the next object in it.
    private ObjectRun* _run;
    private byte* _next;

    // The previous object, which may be an array whose length is not stored yet.
    private ManagedObject* _previous;
    private MethodTable* _previousType;
    private nuint _previousSize;

    private KnownTypes _types;

    /// <summary>
    /// Initializes a walk from the start of the heap. Runs that are added later are not visited.
    /// </summary>
    internal HeapWalk(byte* start, byte* end)
    {
        this = default;
        _nextRun = start;
        _end = end;
    }

    /// <summary>The first address without a valid object or run; null if there is none.</summary>
    internal byte* Damaged { get; private set; }

    /// <summary>Moves to the next object.</summary>
    /// <returns>False if there is none.</returns>
    internal bool MoveNext(out ManagedObject* instance, out MethodTable* type, out nuint size)
    {
        do
        {
            while (_run != null && TryRead(out type, out size))
            {
                instance = (ManagedObject*)_next;
                _previous = instance;
                _previousType = type;
                _previousSize = size;
                _next += size;
                if (!FreeObject.IsType(type))
                {
                    return true;
                }
            }
        }
        while (MoveToNextRun());
        instance = null;
        type = null;
        size = 0;
        return false;
    }

    /// <summary>Reads the object at the current address of the run.</summary>
    private bool TryRead(out MethodTable* type, out nuint size)
    {
        do
        {
            size = 0;
            type = null;
            if (_next + ManagedObject.MinSize > ObjectRun.Limit(_run))
            {
                return false;
            }

            type = ManagedObject.TypeOf((ManagedObject*)_next);
        }
        while (HasPreviousGrown());
        if (type == null)
        {
            return false;
        }

        if (_types.IsValid(type))
        {
            // The run may have been extended for this object: its limit is read after the method table.
            size = ManagedObject.SizeOf((ManagedObject*)_next, type);
            if (size >= ManagedObject.MinSize && size <= (nuint)(ObjectRun.Limit(_run) - _next))
            {
                return true;
            }
        }

        ReportDamage(_next);
        return false;
    }

    /// <summary>
    /// Determines whether the length of the previous array was stored since it was read, and corrects the
    /// address of the object after it.
    /// </summary>
    private bool HasPreviousGrown()
    {
        nuint size = _previous == null ? 0 : ManagedObject.SizeOf(_previous, _previousType);
        if (size == _previousSize)
        {
            return false;
        }

        _previousSize = size;
        _next = (byte*)_previous + size;
        return true;
    }

    private bool MoveToNextRun()
    {
        nuint size = 0;
        if (_run != null)
        {
            size = Atomic.Read(ref _run->Size);
            _nextRun = (byte*)_run + size;
        }

        if (_nextRun >= _end)
        {
            return false;
        }

        ObjectRun* next = (ObjectRun*)_nextRun;
        nuint nextSize = Atomic.Read(ref next->Size);
        if (_run != null && Atomic.Read(ref _run->Size) != size)
        {
            // Extended meanwhile: this run has more objects, and the word that was read may be part of one.
            return true;
        }

        if (nextSize == 0)
        {
            // The run is being created, so the address of the run after it is not known yet.
            return false;
        }

        if (nextSize < ObjectRun.MinSize || nextSize % 8 != 0
            || nextSize > (nuint)(ManagedHeap.Start + ManagedHeap.UsedBytes - _nextRun))
        {
            ReportDamage(_nextRun);
            return false;
        }

        _run = next;
        _next = ObjectRun.First(next);
        _previous = null;
        _previousSize = 0;
        return true;
    }

    private void ReportDamage(byte* address)
    {
        if (Damaged == null)
        {
            Damaged = address;
        }
    }
}
