namespace Quarry.Gc;

/// <summary>The heap of .NET objects: memory is allocated from start to end.</summary>
/// <remarks>
/// A thread allocates from its <em>quantum</em>, without calling the heap. Quanta start at 8 KiB and double
/// up to 256 KiB: a thread that allocates much rarely needs a new one, and thousands of short-lived threads
/// use little memory. A large object is a run of its own. Nothing is freed, except in the mode
/// <c>collect</c>, in which <see cref="CollectedHeap"/> allocates holes between objects first.
/// </remarks>
internal static unsafe partial class ManagedHeap
{
    /// <summary>The size of the smallest heap with which the runtime can start a program, in bytes.</summary>
    internal const nuint MinReserve = 32 << 20;

    private const ulong DefaultReserve = 256ul << 30;

    // The minimum address space for the runtime: code, stacks and mapped assemblies.
    private const nuint RuntimeAddresses = 400 << 20;

    private static Bump<Shared> s_memory;
    private static nuint s_start;
    private static nuint s_end;

    // Both only grow, except that the unused end of a live thread's quantum is subtracted when the thread
    // obtains a new quantum.
    private static nuint s_allocated;
    private static nuint s_unused;

    // What collections have freed; only grows, apart from estimates.
    private static nuint s_freed;

    /// <summary>The first address of the heap.</summary>
    internal static byte* Start => (byte*)s_start;

    /// <summary>The address of the first object in the first run.</summary>
    internal static byte* FirstObject => ObjectRun.First((ObjectRun*)s_start);

    /// <summary>The end of the reserved addresses.</summary>
    internal static byte* End => (byte*)s_end;

    internal static nuint ReservedBytes => s_end - s_start;

    /// <summary>
    /// The total number of bytes allocated to threads. Bytes that an exited thread left unused are counted
    /// again when another thread reuses them: the runtime subtracts the unused bytes of exited threads.
    /// </summary>
    internal static nuint AllocatedBytes => Atomic.Read(ref s_allocated);

    /// <summary>
    /// The number of bytes in use: all objects, and the unused ends of live threads' quanta.
    /// </summary>
    internal static nuint InUseBytes
    {
        get
        {
            // In this order: bytes become unused after they are allocated, so the difference is never
            // negative, although threads change both between the two reads.
            nuint unused = Atomic.Read(ref s_unused) + Atomic.Read(ref s_freed);
            return Atomic.Read(ref s_allocated) - unused;
        }
    }

    /// <summary>The number of bytes from the start of the heap to the end of its last run.</summary>
    internal static nuint UsedBytes => s_memory.UsedBytes;

    internal static nuint CommittedBytes => s_memory.CommittedBytes;

    /// <summary>Reserves the heap: 256 GiB, halved until it fits.</summary>
    internal static bool TryCreate()
    {
        PageSource pages = PageSource.Of((HeapPageSource*)null);
        nuint most = MaxReserve(Os.AddressSpaceLimit());
        for (nuint size = unchecked((nuint)DefaultReserve); size >= MinReserve; size /= 2)
        {
            if (size <= most && Bump<Shared>.TryCreate(size, pages, out s_memory))
            {
                s_start = (nuint)HeapPageSource.Start;
                s_end = s_start + size;
                return true;
            }
        }

        return false;
    }

    /// <summary>Starts a walk over all objects.</summary>
    internal static HeapWalk Walk()
    {
        if (HeapMode.IsCollecting)
        {
            // Threads are suspended: only the final report of another mode walks while they run.
            CollectedHeap.RetireAll();
            LazySweep.Finish();
        }

        return new HeapWalk(Start, Start + UsedBytes);
    }

    /// <summary>Subtracts bytes that a thread did not use from those allocated to it.</summary>
    internal static void Uncount(nuint bytes) => _ = Atomic.Subtract(ref s_allocated, bytes);

    /// <summary>Counts bytes that an exited thread did not use.</summary>
    internal static void CountUnused(nuint bytes) => _ = Atomic.Add(ref s_unused, bytes);

    /// <summary>Sets the number of bytes in use, after a collection. Threads must be suspended.</summary>
    internal static void SetInUse(nuint bytes) =>
        Atomic.Write(ref s_freed, Atomic.Read(ref s_allocated) - Atomic.Read(ref s_unused) - bytes);

    internal static bool Contains(void* address) => (nuint)address - s_start < s_end - s_start;

    // Half of the available addresses, or less if that leaves the runtime too few.
    private static nuint MaxReserve(nuint addresses) =>
        addresses >= 2 * RuntimeAddresses ? addresses / 2
        : addresses >= RuntimeAddresses + MinReserve ? addresses - RuntimeAddresses
        : MinReserve;

    /// <summary>Allocates zeroed memory for a run; returns null if out of memory.</summary>
    internal static ObjectRun* AllocateRun(nuint size)
    {
        if (HeapMode.IsNull || !Layout.TryCreate(size, 8, out Layout layout) || !HeapLimit.TryClaim(size))
        {
            return null;
        }

        void* memory = s_memory.Allocate(layout);
        if (memory == null)
        {
            HeapLimit.Release(size);
        }

        return (ObjectRun*)memory;
    }

    /// <summary>Makes a run visible to walks.</summary>
    private static void Publish(ObjectRun* run, nuint size) => Atomic.Write(ref run->Size, size);
}
