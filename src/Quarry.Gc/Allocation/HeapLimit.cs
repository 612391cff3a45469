namespace Quarry.Gc;

/// <summary>The limit on the memory of the heap, and the memory claimed so far.</summary>
/// <remarks>
/// A small part is held back until <see cref="OutOfMemoryReport"/> has been written: a program that catches
/// the exception allocates when it handles it.
/// </remarks>
internal static unsafe class HeapLimit
{
    private const nuint Reserve = 1 << 20;

    // The stock collector's minimum, so that programs start in a small container.
    private const ulong MinInContainer = 20 << 20;

    // What a container's limit leaves to everything else is the stock collector's, too.
    private const ulong DefaultPercent = 75;

    private static nuint s_bytes;
    private static nuint s_claimed;

    /// <summary>The limit in bytes; 0 if only the reservation limits the heap.</summary>
    internal static nuint Bytes => Atomic.Read(ref s_bytes);

    /// <summary>Reads the limit again: settings and containers change while a program runs.</summary>
    /// <returns>False if the heap is larger than the new limit; the old one stays.</returns>
    internal static bool TryRefresh()
    {
        nuint bytes = Read();
        if (bytes != 0 && bytes < Atomic.Read(ref s_claimed))
        {
            return false;
        }

        Atomic.Write(ref s_bytes, bytes);
        return true;
    }

    /// <summary>Determines whether a size is still available.</summary>
    internal static bool Allows(nuint size) => IsWithin(Atomic.Read(ref s_claimed), size);

    /// <summary>Claims memory before it is allocated.</summary>
    internal static bool TryClaim(nuint size)
    {
        // Comparing and adding are one step: threads that compare first and add later would exceed the limit
        // together. An addition that is taken back would make smaller requests fail meanwhile.
        nuint claimed;
        do
        {
            claimed = Atomic.Read(ref s_claimed);
            if (!IsWithin(claimed, size))
            {
                return false;
            }
        }
        while (!Atomic.TryReplace(ref s_claimed, claimed, claimed + size));
        return true;
    }

    /// <summary>Releases a claim for which the system had no memory.</summary>
    internal static void Release(nuint size) => _ = Atomic.Subtract(ref s_claimed, size);

    private static bool IsWithin(nuint claimed, nuint size)
    {
        nuint bytes = Bytes;
        nuint most = bytes == 0 ? ManagedHeap.ReservedBytes : bytes;
        nuint reserve = OutOfMemoryReport.IsWritten ? 0 : Reserve < most / 8 ? Reserve : most / 8;
        return size <= most - reserve && claimed <= most - reserve - size;
    }

    /// <summary>Gets the limit from the settings, or from the container.</summary>
    private static nuint Read()
    {
        if (Runtime.TryGetInteger("GCHeapHardLimit"u8, "System.GC.HeapHardLimit"u8, out long bytes)
            && bytes > 0)
        {
            return (nuint)bytes;
        }

        if (Runtime.TryGetInteger(
                "GCHeapHardLimitPercent"u8, "System.GC.HeapHardLimitPercent"u8, out long percent)
            && percent is > 0 and <= 100)
        {
            return (nuint)(SystemMemory.TotalBytes() / 100 * (ulong)percent);
        }

        ulong container = SystemMemory.ContainerLimit();
        ulong share = container / 100 * DefaultPercent;
        return container == 0 ? 0 : (nuint)(share < MinInContainer ? MinInContainer : share);
    }
}
