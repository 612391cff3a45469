using System.Numerics;
using System.Runtime.CompilerServices;

namespace Quarry.Gc;

/// <summary>The holes between objects that are large enough to be allocated from again.</summary>
/// <remarks>
/// <para>
/// Holes are kept in a list for each power of two. A full collection builds the lists in the order of
/// addresses, and threads take from the front, so that objects created together stay together. A request
/// begins with the smallest sufficient list: small holes are used before large ones are divided.
/// </para>
/// <para>
/// What remains of a hole returns to the lists. What a thread leaves of its quantum does not: memory that a
/// thread acquired is free again only after the next collection, which therefore never finds a hole twice.
/// </para>
/// <para>One lock, held for a few instructions by threads in cooperative mode.</para>
/// </remarks>
internal static unsafe class FreeSpace
{
    /// <summary>
    /// The size of the smallest hole that is reused. Smaller ones would cost more than the objects in them.
    /// </summary>
    internal const nuint MinHole = 512;

    private const int Lists = 32;

    // The number of holes of the first list that are compared with a request.
    private const int Tries = 8;

    private static YieldingLock s_lock;
    private static Table s_first;
    private static Table s_last;
    private static nuint s_bytes;

    /// <summary>The total size of the holes.</summary>
    internal static nuint Bytes => Atomic.Read(ref s_bytes);

    /// <summary>Forgets all holes, before a full sweep finds them again. Threads must be suspended.</summary>
    internal static void Clear()
    {
        for (int list = 0; list < Lists; list++)
        {
            s_first.Holes[list] = s_last.Holes[list] = 0;
        }

        s_bytes = 0;
    }

    /// <summary>Adds a hole at the end of its list. Threads must be suspended.</summary>
    internal static void Add(FreeObject* hole)
    {
        nuint size = FreeObject.SizeOf(hole);
        int list = BitOperations.Log2(size);
        hole->Next = null;
        if (s_first.Holes[list] == 0)
        {
            s_first.Holes[list] = (ulong)hole;
        }
        else
        {
            ((FreeObject*)s_last.Holes[list])->Next = hole;
        }

        s_last.Holes[list] = (ulong)hole;
        s_bytes += size;
    }

    /// <summary>Takes a hole, or the start of one, and claims its memory from the limit.</summary>
    /// <param name="least">The minimum size, in bytes.</param>
    /// <param name="most">The size from which the rest is kept as a hole.</param>
    /// <param name="hole">
    /// The hole. It has the minimum size exactly, or at least the size of a free object more.
    /// </param>
    /// <returns>False if there is none, or if the limit does not allow it.</returns>
    internal static bool TryTake(nuint least, nuint most, out Hole hole)
    {
        hole = default;
        if (least > FreeObject.MaxSize)
        {
            return false;
        }

        s_lock.Enter();
        FreeObject* found = Unlink(least < MinHole ? MinHole : least);
        bool taken = found != null && TryDivide(found, most, ref hole);
        s_lock.Exit();
        return taken;
    }

    /// <summary>Verifies the lists. Threads must be suspended.</summary>
    internal static void Verify()
    {
        nuint bytes = 0;
        for (int list = 0; list < Lists; list++)
        {
            FreeObject* last = null;
            for (FreeObject* hole = (FreeObject*)s_first.Holes[list]; hole != null; hole = hole->Next)
            {
                nuint size = FreeObject.SizeOf(hole);
                HeapVerifier.Require(
                    FreeObject.IsType(ManagedObject.TypeOf((ManagedObject*)hole))
                        && BitOperations.Log2(size) == list
                        && !MarkBits.IsSet((nuint)((byte*)hole - ManagedHeap.Start)),
                    "a hole is not free"u8, (byte*)hole);
                bytes += size;
                HeapVerifier.Require(bytes <= s_bytes, "a list of holes is circular"u8, (byte*)hole);
                last = hole;
            }

            HeapVerifier.Require((ulong)last == s_last.Holes[list], "the last hole is wrong"u8, (byte*)last);
        }

        HeapVerifier.Require(bytes == s_bytes, "the size of the holes is wrong"u8, null);
    }

    private static FreeObject* Unlink(nuint least)
    {
        for (int list = BitOperations.Log2(least); list < Lists; list++)
        {
            FreeObject* before = null;
            FreeObject* hole = (FreeObject*)s_first.Holes[list];
            for (int tries = 0; hole != null && tries < Tries; tries++)
            {
                nuint size = FreeObject.SizeOf(hole);
                if (size == least || size >= least + FreeObject.MinSize)
                {
                    Unlink(list, before, hole);
                    s_bytes -= size;
                    return hole;
                }

                before = hole;
                hole = hole->Next;
            }
        }

        return null;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Unlink(int list, FreeObject* before, FreeObject* hole)
    {
        if (before == null)
        {
            s_first.Holes[list] = (ulong)hole->Next;
        }
        else
        {
            before->Next = hole->Next;
        }

        if (s_last.Holes[list] == (ulong)hole)
        {
            s_last.Holes[list] = (ulong)before;
        }
    }

    /// <summary>Claims the memory of a hole up to a size, and returns the rest to the lists.</summary>
    private static bool TryDivide(FreeObject* found, nuint most, ref Hole hole)
    {
        byte* start = (byte*)found - sizeof(nuint);
        nuint size = FreeObject.SizeOf(found);
        nuint taken = size >= most + MinHole ? most : size;

        // The description of the rest is written too, so its memory is claimed as well.
        nuint claimed = taken < size ? taken + (nuint)(sizeof(nuint) + sizeof(FreeObject)) : taken;
        if (!Granules.TryClaim(start, start + claimed, out hole.Zeros))
        {
            Return(found);
            return false;
        }

        hole.Place = (byte*)found;
        hole.Size = taken;
        if (taken < size)
        {
            Return(FreeObject.Write((byte*)found + taken, size - taken));
        }

        return true;
    }

    /// <summary>Adds a hole at the front of its list.</summary>
    private static void Return(FreeObject* hole)
    {
        nuint size = FreeObject.SizeOf(hole);
        int list = BitOperations.Log2(size);
        hole->Next = (FreeObject*)s_first.Holes[list];
        if (hole->Next == null)
        {
            s_last.Holes[list] = (ulong)hole;
        }

        s_first.Holes[list] = (ulong)hole;
        s_bytes += size;
    }

    private struct Table
    {
        public fixed ulong Holes[Lists];
    }
}
