using System.Numerics;
using System.Runtime.CompilerServices;

namespace Quarry.Gc;

/// <summary>The holes between objects that are large enough to be allocated from again.</summary>
/// <remarks>
/// <para>
/// Holes are kept in two lists for each power of two. A full collection builds the lists in the order of
/// addresses, and threads take from the front, so that objects created together stay together. A request
/// begins with the smallest sufficient list, which approximates the best fit: small holes are used before
/// large ones are divided. With a single list for each power of two, large holes are divided more often.
/// </para>
/// <para>
/// What remains of a hole returns to the lists. What a thread leaves of its quantum does not: memory that a
/// thread acquired is free again only after the next collection, which therefore never finds a hole twice.
/// </para>
/// <para>
/// One lock, held for a few instructions by threads in cooperative mode, and by those that sweep. A thread
/// takes several small holes at a time (<see cref="HoleCache"/>).
/// </para>
/// </remarks>
internal static unsafe class FreeSpace
{
    /// <summary>
    /// The size of the smallest hole that is reused. Smaller ones would cost more than the objects in them.
    /// </summary>
    internal const nuint MinHole = 512;

    // Two for each power of two from that of the smallest hole to that of FreeObject.MaxSize. They are at
    // most 64: a bit for each is in one word.
    private const int FirstPower = 9, Lists = 2 * (32 - FirstPower);

    // The number of holes of a list that are compared with a request. In all lists but the first, only a
    // hole that would leave a rest smaller than an object does not fit.
    private const int Tries = 8;

    private static YieldingLock s_lock;
    private static Table s_first;
    private static Table s_last;
    private static nuint s_bytes;

    // A bit for each list that is not empty.
    private static ulong s_occupied;

    // Since the last collection.
    private static nuint s_requests;
    private static nuint s_taken;

    /// <summary>The total size of the holes.</summary>
    internal static nuint Bytes => Atomic.Read(ref s_bytes);

    /// <summary>Forgets all holes, before a full sweep finds them again. Threads must be suspended.</summary>
    internal static void Clear()
    {
        for (int list = 0; list < Lists; list++)
        {
            s_first.Holes[list] = s_last.Holes[list] = 0;
        }

        s_occupied = 0;
        s_bytes = 0;
    }

    /// <summary>Adds a hole at the end of its list.</summary>
    internal static void Add(FreeObject* hole)
    {
        int list = ListOf(FreeObject.SizeOf(hole));
        s_lock.Enter();
        FreeObject* last = (FreeObject*)s_last.Holes[list];
        hole->Next = null;
        hole->Previous = last;
        s_last.Holes[list] = (ulong)hole;
        if (last == null)
        {
            s_first.Holes[list] = (ulong)hole;
        }
        else
        {
            last->Next = hole;
        }

        Count(hole, list);
        s_lock.Exit();
    }

    /// <summary>Removes a hole from its list. Under the lock, or while threads are suspended.</summary>
    internal static void Remove(FreeObject* hole)
    {
        nuint size = FreeObject.SizeOf(hole);
        int list = ListOf(size);
        if (hole->Previous == null)
        {
            s_first.Holes[list] = (ulong)hole->Next;
        }
        else
        {
            hole->Previous->Next = hole->Next;
        }

        if (hole->Next == null)
        {
            s_last.Holes[list] = (ulong)hole->Previous;
        }
        else
        {
            hole->Next->Previous = hole->Previous;
        }

        if (s_first.Holes[list] == 0)
        {
            s_occupied &= ~(1ul << list);
        }

        s_bytes -= size;
    }

    /// <summary>
    /// Takes a hole, or the start of one, and claims its memory from the limit. If it is smaller than
    /// requested, takes others of about its size too.
    /// </summary>
    /// <param name="least">The minimum size, in bytes.</param>
    /// <param name="most">The size from which the rest is kept as a hole.</param>
    /// <param name="hole">
    /// The hole. It has the minimum size exactly, or at least the size of a free object more.
    /// </param>
    /// <param name="others">The other holes, linked by <see cref="FreeObject.Next"/>.</param>
    /// <returns>False if there is none, or if the limit does not allow it.</returns>
    internal static bool TryTake(nuint least, nuint most, out Hole hole, out FreeObject* others)
    {
        hole = default;
        others = null;
        if (least > FreeObject.MaxSize)
        {
            return false;
        }

        s_lock.Enter();
        FreeObject* found = Find(least < MinHole ? MinHole : least);
        bool taken = found != null && TryDivide(found, most, ref hole);
        s_requests++;
        if (taken)
        {
            s_taken++;
            others = hole.Size < most ? TakeOthers(ListOf(hole.Size), most - hole.Size) : null;
        }

        s_lock.Exit();
        return taken;
    }

    /// <summary>
    /// Gets the number of requests since the last call, and that of holes that were taken. Threads must be
    /// suspended.
    /// </summary>
    internal static void TakeCounts(out nuint requests, out nuint holes)
    {
        requests = s_requests;
        holes = s_taken;
        s_requests = s_taken = 0;
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
                        && ListOf(size) == list && hole->Previous == last
                        && !MarkBits.IsSet((nuint)((byte*)hole - ManagedHeap.Start)),
                    "a hole is not free"u8, (byte*)hole);
                bytes += size;
                HeapVerifier.Require(bytes <= s_bytes, "a list of holes is circular"u8, (byte*)hole);
                last = hole;
            }

            HeapVerifier.Require((ulong)last == s_last.Holes[list], "the last hole is wrong"u8, (byte*)last);
            HeapVerifier.Require(((s_occupied >> list) & 1) == (last == null ? 0ul : 1ul),
                "the bit of a list of holes is wrong"u8, (byte*)last);
        }

        HeapVerifier.Require(bytes == s_bytes, "the size of the holes is wrong"u8, null);
    }

    private static FreeObject* Find(nuint least)
    {
        for (int list = NextOccupied(ListOf(least)); list < Lists; list = NextOccupied(list + 1))
        {
            FreeObject* hole = (FreeObject*)s_first.Holes[list];
            for (int tries = 0; hole != null && tries < Tries; tries++, hole = hole->Next)
            {
                nuint size = FreeObject.SizeOf(hole);
                if (size == least || size >= least + FreeObject.MinSize)
                {
                    return hole;
                }
            }
        }

        return null;
    }

    // The two highest bits of a size.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int ListOf(nuint size)
    {
        int power = BitOperations.Log2(size);
        return (2 * (power - FirstPower)) + (int)((size >> (power - 1)) & 1);
    }

    private static int NextOccupied(int list) =>
        list + BitOperations.TrailingZeroCount((s_occupied >> list) | (1ul << (Lists - list)));

    /// <summary>Claims the memory of a hole up to a size, and returns the rest to the lists.</summary>
    private static bool TryDivide(FreeObject* found, nuint most, ref Hole hole)
    {
        byte* start = (byte*)found - sizeof(nuint);
        Remove(found);
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

    /// <summary>Takes holes from the front of a list, up to a total size.</summary>
    private static FreeObject* TakeOthers(int list, nuint most)
    {
        FreeObject* first = null;
        FreeObject* last = null;
        for (FreeObject* hole = (FreeObject*)s_first.Holes[list];
            hole != null && FreeObject.SizeOf(hole) <= most;
            hole = (FreeObject*)s_first.Holes[list])
        {
            nuint size = FreeObject.SizeOf(hole);
            byte* start = (byte*)hole - sizeof(nuint);
            Remove(hole);
            if (!Granules.TryClaim(start, start + size, out _))
            {
                Return(hole);
                break;
            }

            hole->Next = null;
            if (last == null)
            {
                first = hole;
            }
            else
            {
                last->Next = hole;
            }

            last = hole;
            most -= size;
            s_taken++;
        }

        return first;
    }

    /// <summary>Adds a hole at the front of its list.</summary>
    private static void Return(FreeObject* hole)
    {
        int list = ListOf(FreeObject.SizeOf(hole));
        FreeObject* first = (FreeObject*)s_first.Holes[list];
        hole->Next = first;
        hole->Previous = null;
        s_first.Holes[list] = (ulong)hole;
        if (first == null)
        {
            s_last.Holes[list] = (ulong)hole;
        }
        else
        {
            first->Previous = hole;
        }

        Count(hole, list);
    }

    private static void Count(FreeObject* hole, int list)
    {
        s_occupied |= 1ul << list;
        s_bytes += FreeObject.SizeOf(hole);
    }

    private struct Table
    {
        public fixed ulong Holes[Lists];
    }
}
