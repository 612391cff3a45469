using System.Runtime.CompilerServices;

namespace Quarry;

/// <content>Keeps large blocks for the threads that freed them: see <see cref="KeptBlock"/>.</content>
internal unsafe partial struct HeapBackend
{
    // What these keep is at most 256 MiB for a part of the decay time, and each is read where slices that
    // were never used are about to be allocated. Other threads share the kept runs of the regions.
    private const nuint MaxKept = 64;

    /// <summary>Gets the number of bytes in slices and mappings that are in use, kept blocks not.</summary>
    internal nuint UsedBytes
    {
        [MethodImpl(MethodImplOptions.NoInlining)]
        get
        {
            // A block may be kept after the first number was read.
            nuint used = Atomic.Read(ref Used);
            nuint kept = KeptSlices() << Region.Log2Slice;
            return used > kept ? used - kept : 0;
        }
    }

    /// <summary>Determines whether a block of this number of slices may be kept.</summary>
    /// <remarks>
    /// Other heaps cannot release a kept block that is charged to a limit they share. And keeping takes no
    /// full fence, which <see cref="WakeAttendant"/> needs.
    /// </remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal readonly bool MayKeep(nuint slices) =>
        slices <= KeptBlock.MaxSlices && slices << Region.Log2Slice < PurgeFrom
            && DecayMilliseconds != 0 && Budget == null && Attended == 0;

    /// <summary>Creates the place for the kept block of a thread heap; null if there is none.</summary>
    internal static KeptBlock* TryCreateKept(HeapBackend* backend)
    {
        LargeCounters* large = backend->Large;
        if (Atomic.Read(ref large->KeptCount) >= MaxKept)
        {
            return null;
        }

        // The first one is at hand, because a range of metadata would cost a small program two system calls.
        KeptBlock* kept = Atomic.Add(ref large->KeptCount, 1) == 1
            ? &large->FirstKept
            : (KeptBlock*)MetadataPool.Allocate(
                &backend->Metadata, (nuint)sizeof(KeptBlock), MetadataPool.LineSize);
        if (kept == null)
        {
            return null;
        }

        nuint next;
        do
        {
            next = Atomic.Read(ref *(nuint*)&large->Kept);
            kept->Next = (KeptBlock*)next;
        }
        while (!Atomic.TryReplace(ref *(nuint*)&large->Kept, next, (nuint)kept));

        Atomic.Write(ref backend->KeepsBlocks, 1);
        return kept;
    }

    /// <summary>Frees the kept blocks of all threads; returns false if there are none.</summary>
    internal bool ReleaseKept()
    {
        bool any = false;
        if (Atomic.Read(ref KeepsBlocks) != 0)
        {
            for (KeptBlock* kept = Large->Kept; kept != null; kept = kept->Next)
            {
                any |= ReleaseKept(kept);
            }
        }

        return any;
    }

    /// <summary>Frees the kept block of a thread; returns false if there is none.</summary>
    internal bool ReleaseKept(KeptBlock* kept)
    {
        void* block = kept->TryRemove(out nuint slices);
        if (block == null)
        {
            return false;
        }

        Page* page = Find(block, out Region* region);
        Large->Freed(page->BlockSize);
        region->Free(region->SliceOf(page), slices, stale: true);
        Uncharge(slices << Region.Log2Slice);
        return true;
    }

    /// <summary>Returns the number of slices of kept blocks, which are dirty.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    internal nuint KeptSlices()
    {
        nuint slices = 0;
        if (KeepsBlocks != 0)
        {
            for (KeptBlock* kept = Large->Kept; kept != null; kept = kept->Next)
            {
                slices += kept->Slices;
            }
        }

        return slices;
    }

    /// <summary>Reads the clock once in a number of kept blocks, as <see cref="FreeSlices"/> does.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void OnKept(HeapBackend* backend, KeptBlock* kept)
    {
        kept->SinceClock += backend->CountKept();
        if (kept->SinceClock >= FreedPerReading)
        {
            kept->SinceClock = 0;
            OnFreed(backend);
        }
    }
}
