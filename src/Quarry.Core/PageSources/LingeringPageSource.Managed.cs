using System.Collections.Generic;
using System.Threading;

namespace Quarry;

/// <summary>
/// A <see cref="MmapPageSource"/> whose ranges are never unmapped: a released range reads as zeros, and
/// becomes a new range later.
/// </summary>
/// <remarks>
/// <para>
/// On .NET, a handle easily outlives the allocator of its memory: a collection that is disposed after its
/// heap, for example. Reading unmapped memory terminates the process; there is no exception to catch. What
/// was committed of a released range is therefore replaced by pages that read as zeros, which is the state of
/// a disposed collection, and have no physical memory. No handle points at the rest, which stays reserved.
/// </para>
/// <para>
/// The last <see cref="RecentCount"/> ranges stay as they are: a thread that used a heap last, and frees a
/// block after another thread has disposed of that heap, finds zeros and not another heap. Older ranges are
/// reserved again, so the addresses in use are about as many as at the peak. A range that is reserved again
/// stays readable, so no stale handle can point at an inaccessible page. Under a limit on address space,
/// ranges are unmapped when they are released, and collections ask the system whether their memory is there.
/// </para>
/// <para>
/// A range that is reserved again may be several mappings, for example if a heap has advised the kernel about
/// what it did not commit. It cannot be moved then.
/// </para>
/// </remarks>
internal readonly unsafe struct LingeringPageSource : IPageSource
{
    // This number of regions of 64 GiB is a sixteenth of a 47-bit address space.
    private const int RecentCount = 128;

    private static readonly Lock s_lock = new();
    private static readonly AddressRange[] s_recent = new AddressRange[RecentCount];
    private static readonly List<AddressRange> s_spare = new(256);
    private static int s_next;

    /// <inheritdoc/>
    public static bool ReservesAddressSpace => true;

    /// <inheritdoc/>
    public static bool CanResize => true;

    private static bool IsLimited => Os.AddressSpaceLimit() != nuint.MaxValue;

    /// <inheritdoc/>
    public void* Reserve(nuint size, nuint alignment)
    {
        void* spare = TakeSpare(size, alignment);
        return spare != null ? spare : default(MmapPageSource).Reserve(size, alignment);
    }

    /// <inheritdoc/>
    public bool Commit(void* start, nuint size)
    {
        bool commits = default(MmapPageSource).Commit(start, size);
        if (commits)
        {
            ReadableMemory.Add(start, size);
        }

        return commits;
    }

    /// <inheritdoc/>
    public bool Purge(void* start, nuint size) => default(MmapPageSource).Purge(start, size);

    /// <inheritdoc/>
    public void Release(void* start, nuint size)
    {
        // Not all of it: the kernel takes time for each 2 MiB, also of a range that was never used.
        nuint used = ReadableMemory.EndIn(start, size) - (nuint)start;
        if (!IsLimited && (used == 0 || Os.Linux.Blank(start, used)))
        {
            Linger(start, size);
            return;
        }

        ReadableMemory.Remove(start, size);
        default(MmapPageSource).Release(start, size);
    }

    /// <inheritdoc/>
    public bool TryResize(void* start, nuint oldSize, nuint newSize)
    {
        if (newSize < oldSize)
        {
            Release((byte*)start + newSize, oldSize - newSize);
            return true;
        }

        bool resizes = default(MmapPageSource).TryResize(start, oldSize, newSize);
        if (resizes)
        {
            ReadableMemory.Add((byte*)start + oldSize, newSize - oldSize);
        }

        return resizes;
    }

    /// <inheritdoc/>
    public bool TryMove(void* from, nuint oldSize, void* to, nuint newSize)
    {
        if (!default(MmapPageSource).TryMove(from, oldSize, to, newSize))
        {
            // A failed move may leave the end of the target inaccessible.
            if (newSize > oldSize)
            {
                _ = Os.Linux.Blank((byte*)to + oldSize, newSize - oldSize);
            }

            return false;
        }

        // The kernel has unmapped the source. Another thread may have mapped something there since.
        ReadableMemory.Add(to, newSize);
        if (!IsLimited && Os.Linux.TryBlankVacant(from, oldSize))
        {
            Linger(from, oldSize);
        }
        else
        {
            ReadableMemory.Remove(from, oldSize);
        }

        return true;
    }

    /// <summary>Keeps a released range, and makes the one that was released long ago available.</summary>
    private static void Linger(void* start, nuint size)
    {
        lock (s_lock)
        {
            AddressRange oldest = s_recent[s_next];
            s_recent[s_next] = new AddressRange((nuint)start, size);
            s_next = (s_next + 1) % RecentCount;
            if (oldest.Size != 0)
            {
                AddressRange.Add(s_spare, oldest);
            }
        }
    }

    /// <summary>Takes the part of the smallest spare range that fits; null if none does.</summary>
    private static void* TakeSpare(nuint size, nuint alignment)
    {
        lock (s_lock)
        {
            AddressRange best = default;
            foreach (AddressRange range in s_spare)
            {
                nuint padding = Layout.AlignUp(range.Start, alignment) - range.Start;
                if (padding <= range.Size && size <= range.Size - padding
                    && (best.Size == 0 || range.Size < best.Size))
                {
                    best = range;
                }
            }

            if (best.Size == 0)
            {
                return null;
            }

            nuint start = Layout.AlignUp(best.Start, alignment);
            AddressRange.Remove(s_spare, new AddressRange(start, size));
            return (void*)start;
        }
    }
}
