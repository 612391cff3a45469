namespace Quarry;

/// <summary>
/// A thread heap that a thread uses in another heap than its own, because requests name that heap.
/// </summary>
/// <remarks>
/// The other heap may be destroyed without the help of the thread. So the host compares <see cref="Key"/>
/// with that of the heap before it reads the thread heap.
/// </remarks>
internal unsafe struct GuestSlot
{
    /// <summary>The number of slots of a thread.</summary>
    internal const int Count = 8;

    /// <summary>A number that the host gives to each heap once; 0 if the slot is empty.</summary>
    public nuint Key;

    /// <summary>The thread heap.</summary>
    public ThreadHeap* Thread;

    /// <summary>What the host keeps for the heap, also after the heap was destroyed.</summary>
    public void* Place;

    /// <summary>The number of requests that the slot did not serve since it last changed.</summary>
    public nuint Misses;
}
