using System.Runtime.CompilerServices;

namespace Quarry.Gc;

/// <summary>Marks what objects refer to, with a stack of its own.</summary>
internal unsafe struct MarkWorker
{
    private MarkStack _stack;
    private bool _counts;

    /// <summary>The size of the objects that were visited, if they are counted.</summary>
    internal nuint CountedBytes { get; private set; }

    /// <summary>Reserves the stack.</summary>
    /// <returns>False if out of memory.</returns>
    internal bool TryCreate() => _stack.TryCreate(CollectorSettings.LimitsMarkStack);

    /// <summary>Starts or ends the count of bytes, which takes time.</summary>
    internal void Count(bool counts)
    {
        _counts = counts;
        CountedBytes = 0;
    }

    /// <summary>
    /// Marks an object, and pushes it to be visited. Null and objects elsewhere are ignored.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void Push(ManagedObject* instance)
    {
        nuint offset = (nuint)instance - (nuint)ManagedHeap.Start;
        if (offset < ManagedHeap.ReservedBytes && MarkBits.TrySet(offset))
        {
            _stack.Push(instance);
        }
    }

    /// <summary>Visits the pushed objects until there are none.</summary>
    internal void Drain()
    {
        while (_stack.TryPop(out nuint entry))
        {
            Visit(MarkEntry.Decode(entry, out nuint slice), slice);
        }
    }

    /// <summary>Visits the marked objects that were dropped, and others, until none is dropped.</summary>
    internal void DrainDropped()
    {
        while (_stack.TryTakeDropped(out MemoryRange range))
        {
            nuint start = (nuint)ManagedHeap.Start;
            nuint end = (nuint)range.End - start;
            for (nuint offset = MarkBits.First((nuint)range.Start - start, end); offset != MarkBits.None;
                offset = MarkBits.First(offset + ManagedObject.MinSize, end))
            {
                Visit((ManagedObject*)(start + offset), slice: 0);
                Drain();
            }
        }
    }

    /// <summary>Marks what an object refers to between two addresses.</summary>
    internal void MarkBetween(
        ManagedObject* instance, MethodTable* type, nuint size, byte* from, byte* to)
    {
        Pusher pusher = new((MarkWorker*)Unsafe.AsPointer(ref this));
        ObjectReferences.VisitBetween(instance, type, size, from, to, ref pusher);
    }

    /// <summary>Returns memory at the end of a collection.</summary>
    internal void Trim() => _stack.Trim();

    private void Visit(ManagedObject* instance, nuint slice)
    {
        MethodTable* type = ManagedObject.TypeOf(instance);
        if (MethodTable.IsCollectible(type))
        {
            // The type is unloaded when its last object is gone.
            Push(Runtime.LoaderAllocatorOf(instance));
        }

        if (_counts && slice == 0)
        {
            CountedBytes += ManagedObject.SizeOf(instance, type);
        }

        if (!MethodTable.ContainsReferences(type))
        {
            return;
        }

        nuint size = ManagedObject.SizeOf(instance, type);
        if (size > MarkEntry.SliceSize)
        {
            VisitSlice(instance, type, size, slice);
            return;
        }

        Pusher pusher = new((MarkWorker*)Unsafe.AsPointer(ref this));
        ObjectReferences.Visit(instance, type, size, ref pusher);
    }

    private void VisitSlice(ManagedObject* instance, MethodTable* type, nuint size, nuint slice)
    {
        byte* from = (byte*)instance + (slice * MarkEntry.SliceSize);
        byte* to = from + MarkEntry.SliceSize;
        if (to < (byte*)instance + size)
        {
            // Before what the slice pushes, which is visited first.
            _stack.Push(MarkEntry.Slice(instance, slice + 1));
        }

        MarkBetween(instance, type, size, from, to);
    }

    /// <summary>Pushes what fields refer to.</summary>
    private readonly struct Pusher(MarkWorker* worker) : IReferenceVisitor
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public bool Visit(ManagedObject** field)
        {
            worker->Push(*field);
            return true;
        }
    }
}
