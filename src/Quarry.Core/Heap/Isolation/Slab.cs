using System.Runtime.InteropServices;

namespace Quarry;

/// <summary>
/// The descriptor of a slice of an <see cref="IsolatedHeap"/>, and of the slab that begins there: a run of
/// slices divided into slots of one size.
/// </summary>
/// <remarks>
/// The descriptor is followed by a bitmap of the free slots and by a record for each slot, all in a range of
/// their own. The class that owns the slab guards its fields with its lock; those that look-ups read, up to
/// <see cref="Slice"/>, do not change while a slot is in use.
/// </remarks>
[StructLayout(LayoutKind.Sequential, Size = Bytes)]
internal unsafe struct Slab
{
    internal const int Bytes = 64;

    /// <summary>The most slots: those of 16 bytes in a slice.</summary>
    internal const int MaxSlots = 4096;

    /// <summary>The size of the bitmap.</summary>
    internal const int BitmapBytes = MaxSlots / 8;

    /// <summary>The size of a slot, in bytes; 0 if no slab begins here.</summary>
    public uint SlotSize;

    /// <summary>The number of slices of the slab.</summary>
    public ushort Slices;

    /// <summary>If the slice is inside a slab: the number of slices before it.</summary>
    public ushort SlicesToHead;

    /// <summary>The class of the slab, in the array of all shards.</summary>
    public int Class;

    /// <summary>The number of slots.</summary>
    public uint Capacity;

    /// <summary>
    /// The index of the slice, which never changes; dividing the address of the descriptor would be slower.
    /// </summary>
    public uint Slice;

    /// <summary>Slots from here on were never used, and their memory is untouched.</summary>
    public uint Extended;

    /// <summary>The number of free slots below <see cref="Extended"/>, which have their bits set.</summary>
    public uint FreeSlots;

    /// <summary>Whether the slab is in the list of its class: it has a free or an untouched slot.</summary>
    public bool IsLinked;

    public Slab* Next;

    public Slab* Previous;

    internal static ulong* Bitmap(Slab* slab) => (ulong*)(slab + 1);

    /// <summary>Returns the record of a slot: the state and the size.</summary>
    /// <param name="slab">The slab.</param>
    /// <param name="index">The index of the slot.</param>
    /// <param name="words">The number of words of a record.</param>
    internal static uint* Record(Slab* slab, uint index, uint words) =>
        (uint*)((byte*)(slab + 1) + BitmapBytes) + (index * words);
}
