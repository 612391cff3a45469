using System.Runtime.CompilerServices;

namespace Quarry.Gc;

/// <summary>Marks what objects refer to: the part of one thread, with a stack of its own.</summary>
internal unsafe struct MarkWorker<TMarking> where TMarking : struct, IMarking
{
    private MarkStack _stack;
    private uint _visits;

    /// <summary>The size of the objects that were visited.</summary>
    internal nuint CountedBytes { get; private set; }

    /// <summary>Reserves the stack.</summary>
    /// <returns>False if out of memory.</returns>
    internal bool TryCreate() => _stack.TryCreate(CollectorSettings.LimitsMarkStack);

    /// <summary>Determines whether no object is left to be visited.</summary>
    internal readonly bool IsIdle => _stack.IsEmpty;

    /// <summary>Starts to count bytes.</summary>
    internal void ResetCount() => CountedBytes = 0;

    /// <summary>
    /// Marks an object, and pushes it to be visited. Null and objects elsewhere are ignored.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void Push(ManagedObject* instance)
    {
        nuint offset = (nuint)instance - (nuint)ManagedHeap.Start;
        if (offset < ManagedHeap.ReservedBytes && TMarking.TrySet(offset))
        {
            _stack.Push((nuint)instance);
        }
    }

    /// <summary>Pushes entries of another stack.</summary>
    internal void Push(nuint* entries, nuint count)
    {
        for (nuint index = 0; index < count; index++)
        {
            _stack.Push(entries[index]);
        }
    }

    /// <summary>Marks and pushes what an object refers to from the memory between two offsets.</summary>
    /// <returns>The offset of the end of the object.</returns>
    internal nuint PushFrom(nuint offset, nuint from, nuint end)
    {
        byte* start = ManagedHeap.Start;
        ManagedObject* instance = (ManagedObject*)(start + offset);
        MethodTable* type = ManagedObject.TypeOf(instance);
        nuint size = ManagedObject.SizeOf(instance, type);
        if (MethodTable.ContainsReferences(type))
        {
            PushBetween(instance, type, size, start + from, start + end);
        }

        return offset + size;
    }

    /// <summary>Marks and pushes what an object refers to between two addresses.</summary>
    private void PushBetween(ManagedObject* instance, MethodTable* type, nuint size, byte* from, byte* to)
    {
        Pusher pusher = new((MarkWorker<TMarking>*)Unsafe.AsPointer(ref this));
        ObjectReferences.VisitBetween(instance, type, size, from, to, ref pusher);
    }

    /// <summary>
    /// Visits the pushed objects until there are none, except those that other threads have taken.
    /// </summary>
    /// <returns>False if it was stopped before.</returns>
    internal bool Drain()
    {
        bool continues = true;
        while (continues && _stack.TryPop(out nuint entry))
        {
            if (MarkEntry.IsPartial(entry))
            {
                VisitPart(MarkEntry.ObjectOf(entry), MarkEntry.SliceOf(entry), MarkEntry.LogOf(entry));
            }
            else
            {
                Visit((ManagedObject*)entry);
            }

            continues = TMarking.Continues(ref _stack, ++_visits);
        }

        return continues;
    }

    /// <summary>Takes over what another worker has not visited yet, and its count.</summary>
    internal void TakeOver<TOther>(MarkWorker<TOther>* other) where TOther : struct, IMarking
    {
        other->_stack.MoveTo(ref _stack);
        CountedBytes += other->CountedBytes;
        other->ResetCount();
    }

    /// <summary>Forgets what is not visited yet, and the count.</summary>
    internal void Clear()
    {
        _stack.Clear();
        CountedBytes = 0;
    }

    /// <inheritdoc cref="MarkStack.TryTakeDropped"/>
    internal bool TryTakeDropped(out MemoryRange range) => _stack.TryTakeDropped(out range);

    /// <summary>Visits the marked objects between two addresses, some of which were dropped.</summary>
    internal void VisitMarked(MemoryRange range)
    {
        nuint start = (nuint)ManagedHeap.Start;
        nuint end = (nuint)range.End - start;
        for (nuint offset = MarkBits.First((nuint)range.Start - start, end); offset != MarkBits.None;
            offset = MarkBits.First(offset + ManagedObject.MinSize, end))
        {
            Visit((ManagedObject*)(start + offset));
            _ = Drain();
        }
    }

    /// <summary>Returns memory at the end of a collection.</summary>
    internal void Trim() => _stack.Trim();

    private void Visit(ManagedObject* instance)
    {
        MethodTable* type = ManagedObject.TypeOf(instance);
        if (MethodTable.IsCollectible(type))
        {
            // The type is unloaded when its last object is gone.
            Push(Runtime.LoaderAllocatorOf(instance));
        }

        nuint size = ManagedObject.SizeOf(instance, type);
        CountedBytes += size;
        if (!MethodTable.ContainsReferences(type))
        {
            return;
        }

        if (size > MarkEntry.SliceSize)
        {
            VisitPart(instance, slice: 0, MarkEntry.LogOfSize(size));
            return;
        }

        Pusher pusher = new((MarkWorker<TMarking>*)Unsafe.AsPointer(ref this));
        ObjectReferences.Visit(instance, type, size, ref pusher);
    }

    private void VisitPart(ManagedObject* instance, nuint slice, int log)
    {
        MethodTable* type = ManagedObject.TypeOf(instance);
        nuint size = ManagedObject.SizeOf(instance, type);
        while (log > 0)
        {
            log--;
            nuint other = slice + ((nuint)1 << log);
            if (other * MarkEntry.SliceSize < size)
            {
                _stack.Push(MarkEntry.Part(instance, other, log));
            }
        }

        byte* from = (byte*)instance + (slice * MarkEntry.SliceSize);
        PushBetween(instance, type, size, from, from + MarkEntry.SliceSize);
    }

    /// <summary>Marks and pushes what fields refer to.</summary>
    private readonly struct Pusher(MarkWorker<TMarking>* worker) : IReferenceVisitor
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public bool Visit(ManagedObject** field)
        {
            worker->Push(*field);
            return true;
        }
    }
}
