using System.Runtime.CompilerServices;

namespace Quarry.Gc;

/// <summary>
/// What is pushed to be visited, in one word: an object, or a large object from one of its slices on.
/// </summary>
/// <remarks>
/// An object is its address. A slice is its number, the offset of its object from the start of the heap, and
/// the lowest bit. A heap of 256 GiB has 2^25 slices of 8 KiB, and 2^35 places for objects.
/// </remarks>
internal static unsafe class MarkEntry
{
    /// <summary>The size of the part of an array that is visited at a time.</summary>
    internal const nuint SliceSize = 8 << 10;

    private const nuint IsSlice = 1;
    private const int PlaceBits = 35, SliceShift = 1 + PlaceBits;

    /// <summary>Creates the entry of an object that is visited from a slice on.</summary>
    internal static nuint Slice(ManagedObject* instance, nuint slice)
    {
        nuint place = ((nuint)instance - (nuint)ManagedHeap.Start) >> 3;
        return (slice << SliceShift) | (place << 1) | IsSlice;
    }

    /// <summary>Returns the object of an entry, and the slice at which to start.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static ManagedObject* Decode(nuint entry, out nuint slice)
    {
        slice = 0;
        return (entry & IsSlice) == 0 ? (ManagedObject*)entry : DecodeSlice(entry, out slice);
    }

    private static ManagedObject* DecodeSlice(nuint entry, out nuint slice)
    {
        slice = entry >> SliceShift;
        nuint place = (entry >> 1) & (((nuint)1 << PlaceBits) - 1);
        return (ManagedObject*)(ManagedHeap.Start + (place << 3));
    }
}
