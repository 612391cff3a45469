namespace Quarry.Gc;

/// <summary>The heap of .NET objects: memory is handed out from start to end, and never taken back.</summary>
/// <remarks>
/// A thread gets a <em>window</em> at a time and places its objects there by itself, without a call. Windows
/// begin at 8 KiB and double up to 256 KiB, so that a thread that allocates much asks seldom, and thousands
/// of short threads take little. A large object is a chunk of its own.
/// </remarks>
internal static unsafe partial class ManagedHeap
{
    private const ulong DefaultReserve = 256ul << 30;
    private const nuint MinReserve = 32 << 20;

    private static Bump<Shared> s_memory;
    private static nuint s_start;
    private static nuint s_end;
    private static nuint s_handedOut;
    private static nuint s_left;

    /// <summary>The first address of the heap.</summary>
    internal static byte* Start => (byte*)s_start;

    /// <summary>The address behind the last one that the heap may ever use.</summary>
    internal static byte* End => (byte*)s_end;

    internal static nuint ReservedBytes => s_end - s_start;

    /// <summary>
    /// Bytes that were ever given to threads. What a thread left when it ended is in it again once another
    /// one has it: the runtime knows what was left, and subtracts it.
    /// </summary>
    internal static nuint HandedOutBytes => Atomic.Read(ref s_handedOut);

    /// <summary>Bytes that threads have: all objects, and what living threads have not used yet.</summary>
    internal static nuint InUseBytes => Atomic.Read(ref s_handedOut) - Atomic.Read(ref s_left);

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

    /// <summary>Takes back what a thread has not used, as the thread ends.</summary>
    internal static void Retire(AllocationContext* context)
    {
        if (HeapMode.IsTracing)
        {
            ObjectTrace.Tell(context);
        }
        else if (context->Next != null)
        {
            // The runtime has counted this as not allocated, so it is not taken off what was handed out.
            nuint left = (nuint)(context->Limit - context->Next);
            context->SmallBytes -= (long)left;
            _ = Atomic.Add(ref s_left, left);
            Tails.Give(context);
        }

        context->Next = null;
        context->Limit = null;
        context->Chunk = null;
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
