using System.Runtime.CompilerServices;

namespace Quarry.Gc;

/// <summary>The heap of .NET objects: memory is handed out from start to end, and never taken back.</summary>
/// <remarks>
/// A thread gets a <em>window</em> at a time and places its objects there by itself, without a call. Windows
/// begin at 8 KiB and double up to 1 MiB, so that a thread that allocates much asks seldom, and thousands of
/// short threads do not take a megabyte each. A large object is a chunk of its own.
/// </remarks>
internal static unsafe partial class ManagedHeap
{
    private const ulong DefaultReserve = 256ul << 30;
    private const nuint MinReserve = 32 << 20;
    private const nuint MinWindow = 8 << 10, MaxWindow = 1 << 20, LargeObject = 32 << 10;

    private const uint FlagLarge = 32, FlagPinned = 64;

    private static Bump<Shared> s_memory;
    private static nuint s_start;
    private static nuint s_end;
    private static nuint s_handedOut;

    /// <summary>The first address of the heap.</summary>
    internal static byte* Start => (byte*)s_start;

    /// <summary>The address behind the last one that the heap may ever use.</summary>
    internal static byte* End => (byte*)s_end;

    /// <summary>Bytes that were given to threads: all objects, and what threads have not used yet.</summary>
    internal static nuint HandedOutBytes => Atomic.Read(ref s_handedOut);

    /// <summary>Bytes of the heap that chunks take.</summary>
    internal static nuint UsedBytes => s_memory.UsedBytes;

    internal static nuint CommittedBytes => s_memory.CommittedBytes;

    /// <summary>Reserves the heap: 256 GiB, or the largest half of it that can be had.</summary>
    internal static bool TryCreate()
    {
        PageSource pages = PageSource.Of((ManagedPages*)null);
        nuint addresses = Os.AddressSpaceLimit();
        for (nuint size = unchecked((nuint)DefaultReserve); size >= MinReserve; size /= 2)
        {
            // Under a limit the runtime itself needs some of it, for code, stacks and libraries.
            if (size <= addresses / 2 && Bump<Shared>.TryCreate(size, pages, out s_memory))
            {
                s_start = (nuint)ManagedPages.Start;
                s_end = s_start + size;
                return true;
            }
        }

        return false;
    }

    /// <summary>All objects; see there for when.</summary>
    internal static HeapWalk Walk() => new(Start, Start + UsedBytes);

    internal static bool Contains(void* address) => (nuint)address - s_start < s_end - s_start;

    /// <summary>Makes room for an object.</summary>
    /// <returns>Where its method table goes; the memory is zero. Null if there is none.</returns>
    internal static byte* Allocate(AllocationContext* context, nuint size, uint flags)
    {
        size = Layout.AlignUp(size, 8);
        if ((flags & (FlagLarge | FlagPinned)) != 0 || size >= LargeObject)
        {
            return AllocateLarge(context, size);
        }

        // Asked for although there is room: the object has a finalizer, or is sampled.
        byte* place = context->Next;
        if (size > (nuint)(context->Limit - place) && !TryRefill(context, size))
        {
            return null;
        }

        place = context->Next;
        context->Next = place + size;
        return place;
    }

    /// <summary>Takes back what a thread has not used, as the thread ends.</summary>
    internal static void Retire(AllocationContext* context)
    {
        if (context->Next != null)
        {
            // The runtime has counted what is left of a dead thread's window as not allocated.
            Tails.Give(context);
        }

        context->Next = null;
        context->Limit = null;
        context->Chunk = null;
    }

    private static byte* AllocateLarge(AllocationContext* context, nuint size)
    {
        Chunk* chunk = TakeChunk(Chunk.SizeFor(size));
        if (chunk == null)
        {
            Exhaustion.Report(size);
            return null;
        }

        context->LargeBytes += (long)size;
        _ = Atomic.Add(ref s_handedOut, size);
        return Chunk.First(chunk);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static bool TryRefill(AllocationContext* context, nuint size)
    {
        if (context->Chunk == null && Tails.TryTake(context, size))
        {
            CountWindow(context);
            return true;
        }

        nuint window = context->Window < MinWindow ? MinWindow : context->Window;
        while (window < Chunk.SizeFor(size))
        {
            window *= 2;
        }

        Chunk* chunk = TakeChunk(window);
        if (chunk == null)
        {
            window = Chunk.SizeFor(size);
            chunk = TakeChunk(window);
            if (chunk == null)
            {
                Exhaustion.Report(size);
                return false;
            }
        }

        context->Window = window < MaxWindow ? window * 2 : MaxWindow;
        if (context->Chunk != null && (byte*)chunk == (byte*)context->Chunk + context->Chunk->Size)
        {
            // Nobody came between: the chunk goes on, and what was left of it is not lost.
            chunk->Size = 0;
            context->Chunk->Size += window;
            context->Limit += window;
            context->SmallBytes += (long)window;
            _ = Atomic.Add(ref s_handedOut, window);
            return true;
        }

        nuint left = (nuint)(context->Limit - context->Next);
        context->SmallBytes -= (long)left;
        _ = Atomic.Subtract(ref s_handedOut, left);
        context->Chunk = chunk;
        context->Next = Chunk.First(chunk);
        context->Limit = Chunk.Limit(chunk);
        CountWindow(context);
        return true;
    }

    private static void CountWindow(AllocationContext* context)
    {
        nuint room = (nuint)(context->Limit - context->Next);
        context->SmallBytes += (long)room;
        _ = Atomic.Add(ref s_handedOut, room);
    }

    private static Chunk* TakeChunk(nuint size)
    {
        if (HeapMode.IsNull
            || !Layout.TryCreate(size, 8, out Layout layout)
            || !Budget.Allows(UsedBytes, size))
        {
            return null;
        }

        Chunk* chunk = (Chunk*)s_memory.Allocate(layout);
        if (chunk != null)
        {
            chunk->Size = size;
        }

        return chunk;
    }
}
