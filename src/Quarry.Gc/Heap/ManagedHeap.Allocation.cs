using System.Runtime.CompilerServices;

namespace Quarry.Gc;

/// <summary>Windows, and objects that have a chunk of their own.</summary>
internal static unsafe partial class ManagedHeap
{
    // Larger windows were not faster: what an allocation costs is the page that it touches first.
    private const nuint MinWindow = 8 << 10, MaxWindow = 256 << 10, LargeObject = 32 << 10;

    // A window is left for the next one when this part of the next one is all that is lost by it.
    private const nuint Losable = 16;

    private const uint FlagLarge = 32, FlagPinned = 64;

    /// <summary>Makes room for an object.</summary>
    /// <returns>Where its method table goes; the memory is zero. Null if there is none.</returns>
    internal static byte* Allocate(AllocationContext* context, nuint size, uint flags)
    {
        size = Layout.AlignUp(size, 8);
        bool large = (flags & (FlagLarge | FlagPinned)) != 0;
        byte* place;
        if (large || HeapMode.IsTracing || size >= LargeObject)
        {
            place = AllocateAlone(context, size, large);
        }
        else if (size <= (nuint)(context->Limit - context->Next))
        {
            // Asked for although there is room: the object has a finalizer, or is sampled.
            place = Place(context, size);
        }
        else
        {
            place = AllocateFromNextWindow(context, size);
        }

        if (place == null)
        {
            Exhaustion.Report(size);
        }

        return place;
    }

    private static byte* Place(AllocationContext* context, nuint size)
    {
        byte* place = context->Next;
        context->Next = place + size;
        return place;
    }

    /// <summary>Makes a chunk of one object. The window of the thread stays what it is.</summary>
    private static byte* AllocateAlone(AllocationContext* context, nuint size, bool large)
    {
        Chunk* chunk = TakeChunk(Chunk.SizeFor(size));
        if (chunk == null)
        {
            return null;
        }

        if (large)
        {
            context->LargeBytes += (long)size;
        }
        else
        {
            context->SmallBytes += (long)size;
        }

        byte* place = Chunk.First(chunk);
        CountHandedOut(size, large, place, size);
        if (HeapMode.IsTracing)
        {
            ObjectTrace.Tell(context);
            ObjectTrace.Remember(context, chunk);
        }

        return place;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static byte* AllocateFromNextWindow(AllocationContext* context, nuint size)
    {
        if (context->Chunk == null && Tails.TryTake(context, size))
        {
            return PlaceFirst(context, size);
        }

        nuint window = NextWindow(context);
        nuint left = (nuint)(context->Limit - context->Next);
        if (left > window / Losable)
        {
            // Objects of some kilobytes would waste the ends of small windows. As windows grow with each
            // such object too, that is soon over.
            return AllocateAlone(context, size, large: false);
        }

        while (window < Chunk.SizeFor(size))
        {
            window *= 2;
        }

        Chunk* chunk = TakeChunk(window);
        if (chunk == null)
        {
            return AllocateAlone(context, size, large: false);
        }

        if (context->Chunk != null && (byte*)chunk == (byte*)context->Chunk + context->Chunk->Size)
        {
            // Nobody came between: the chunk goes on, and what was left of it is not lost.
            chunk->Size = 0;
            context->Chunk->Size += window;
            context->Limit += window;
            context->SmallBytes += (long)window;
            CountHandedOut(window, large: false, context->Next, size);
            return Place(context, size);
        }

        context->SmallBytes -= (long)left;
        _ = Atomic.Subtract(ref s_handedOut, left);
        context->Chunk = chunk;
        context->Next = Chunk.First(chunk);
        context->Limit = Chunk.Limit(chunk);
        return PlaceFirst(context, size);
    }

    /// <summary>The size of the next window, and twice that for the one after it.</summary>
    private static nuint NextWindow(AllocationContext* context)
    {
        nuint window = context->Window < MinWindow ? MinWindow : context->Window;
        context->Window = window < MaxWindow ? window * 2 : MaxWindow;

        // Each window is one event at most, and who listens wants one for about so much.
        return Events.TicksWanted && window > Events.TickBytes ? Events.TickBytes : window;
    }

    private static byte* PlaceFirst(AllocationContext* context, nuint size)
    {
        nuint room = (nuint)(context->Limit - context->Next);
        context->SmallBytes += (long)room;
        CountHandedOut(room, large: false, context->Next, size);
        return Place(context, size);
    }

    private static void CountHandedOut(nuint bytes, bool large, byte* place, nuint size)
    {
        nuint handedOut = Atomic.Add(ref s_handedOut, bytes);
        if (Events.TicksWanted)
        {
            Events.CountAllocation(bytes, large, place, size);
        }

        NoCollectionRegion.Notice(handedOut);
    }
}
