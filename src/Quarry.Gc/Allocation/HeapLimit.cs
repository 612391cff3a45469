namespace Quarry.Gc;

/// <summary>The limit on the memory of the heap, and the memory claimed so far.</summary>
/// <remarks>
/// A reserve is held back until the <see cref="OutOfMemoryReport"/> is written, for programs that catch the
/// exception: handling it allocates.
/// </remarks>
internal static unsafe class HeapLimit
{
    private const nuint Reserve = 1 << 20;

    // The stock collector's minimum, so that programs start in a small container.
    private const ulong MinInContainer = 20 << 20;

    // The part of a container's limit that the heap may use; also the stock collector's.
    private const ulong DefaultPercent = 75;

    private static nuint s_bytes;
    private static nuint s_claimed;

    /// <summary>The limit, in bytes; 0 if only the reservation limits the heap.</summary>
    internal static nuint Bytes => Atomic.Read(ref s_bytes);

    /// <summary>Reads the limit again: settings and containers can change while a program runs.</summary>
    /// <returns>False if the heap exceeds the new limit; the old limit then remains.</returns>
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

    /// <summary>Determines whether a number of bytes is available within the limit.</summary>
    internal static bool Allows(nuint size) => IsWithin(Atomic.Read(ref s_claimed), size);

    /// <summary>
    /// Determines whether a number of bytes would be available if nothing else were allocated.
    /// </summary>
    internal static bool CanAllow(nuint size) => IsWithin(0, size);

    /// <summary>Claims memory before it is allocated.</summary>
    internal static bool TryClaim(nuint size)
    {
        // Compares and adds atomically: otherwise, several threads could exceed the limit together. Adding
        // first and reverting the addition would make smaller requests fail meanwhile.
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

    /// <summary>Claims memory that is in use in any case.</summary>
    internal static void Claim(nuint size) => _ = Atomic.Add(ref s_claimed, size);

    /// <summary>
    /// Releases a claim after the allocation has failed, or after the memory was returned to the system.
    /// </summary>
    internal static void Release(nuint size) => _ = Atomic.Subtract(ref s_claimed, size);

    private static bool IsWithin(nuint claimed, nuint size)
    {
        nuint bytes = Bytes;
        nuint most = bytes == 0 ? ManagedHeap.ReservedBytes : bytes;
        nuint reserve = OutOfMemoryReport.IsWritten ? 0 : Reserve < most / 8 ? Reserve : most / 8;
        return size <= most - reserve && claimed <= most - reserve - size;
    }

    /// <summary>
    /// Returns the limit from the settings, or else from the container; 0 if there is none.
    /// </summary>
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
