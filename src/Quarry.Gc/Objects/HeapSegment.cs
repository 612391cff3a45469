namespace Quarry.Gc;

/// <summary>
/// A range of objects, in the layout in which debuggers read it: <c>dac_heap_segment</c>. One describes the
/// heap in the mode <c>collect</c>; the others are those of objects that the runtime allocates itself:
/// literals, types, boxed constants.
/// </summary>
internal unsafe struct HeapSegment
{
    /// <summary>The value of <see cref="Flags"/> for objects that are never collected.</summary>
    internal const nuint ReadOnly = 1;

    /// <summary>The end of the objects.</summary>
    public nuint Allocated;

    public byte* Committed;

    /// <summary>The end of the range; its start once the segment is no longer registered.</summary>
    public nuint Reserved;

    public byte* Used;

    /// <summary>The first object.</summary>
    public byte* Start;

    public nuint Flags;
    public HeapSegment* Next;

    /// <summary>Unused.</summary>
    public byte* BackgroundAllocated;

    /// <summary>The heap; of interest to debuggers if it is that of Server GC.</summary>
    public void* Heap;
}
