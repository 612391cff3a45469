using System.Numerics;
using System.Runtime.CompilerServices;

namespace Quarry.Gc;

/// <summary>What is pushed to be visited, in one word: an object, or a part of a large one.</summary>
/// <remarks>
/// <para>
/// An object is its address. A part is its first slice, the logarithm of the number of slices, the offset of
/// the object from the start of the heap, and the lowest bit. A heap of 256 GiB has 2^23 slices of 32 KiB,
/// and 2^35 places for objects.
/// </para>
/// <para>
/// A large object is divided into halves, of which one is pushed, until a slice remains. So the stack grows
/// by the logarithm of the length of an array, and another thread can take half of the array.
/// </para>
/// </remarks>
internal static unsafe class MarkEntry
{
    /// <summary>The size of the part of an object that is visited at a time.</summary>
    internal const nuint SliceSize = 32 << 10;

    private const nuint IsPart = 1;
    private const int PlaceBits = 35, LogBits = 5, LogShift = 1 + PlaceBits, SliceShift = LogShift + LogBits;

    /// <summary>Creates the entry of a part of an object.</summary>
    internal static nuint Part(ManagedObject* instance, nuint slice, int log)
    {
        nuint place = ((nuint)instance - (nuint)ManagedHeap.Start) >> 3;
        return (slice << SliceShift) | ((nuint)log << LogShift) | (place << 1) | IsPart;
    }

    /// <summary>Determines whether an entry is a part of an object.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static bool IsPartial(nuint entry) => (entry & IsPart) != 0;

    /// <summary>Returns the object of an entry.</summary>
    internal static ManagedObject* ObjectOf(nuint entry)
    {
        nuint place = (entry >> 1) & (((nuint)1 << PlaceBits) - 1);
        return IsPartial(entry) ? (ManagedObject*)(ManagedHeap.Start + (place << 3)) : (ManagedObject*)entry;
    }

    /// <summary>Returns the first slice of a part.</summary>
    internal static nuint SliceOf(nuint entry) => entry >> SliceShift;

    /// <summary>Returns the logarithm of the number of slices of a part.</summary>
    internal static int LogOf(nuint entry) => (int)(entry >> LogShift) & ((1 << LogBits) - 1);

    /// <summary>Returns the logarithm of the smallest number of slices that cover a size.</summary>
    internal static int LogOfSize(nuint size) => BitOperations.Log2((size - 1) / SliceSize) + 1;
}
