namespace Quarry;

/// <summary>The page source of a heap, and the number of bytes that its regions have committed.</summary>
internal unsafe struct PageSupply
{
    /// <summary>The source of address space and memory.</summary>
    public PageSource Source;

    /// <summary>
    /// The number of bytes committed for slices, in all regions; counted twice if two threads commit the same
    /// slices at once.
    /// </summary>
    public nuint Committed;

    /// <summary>The number of steps that purged memory.</summary>
    public nuint PurgeSteps;

    /// <summary>The number of ranges purged, one call of the source each.</summary>
    public nuint PurgeCalls;

    /// <summary>The number of bytes purged.</summary>
    public nuint PurgedBytes;

    /// <summary>Purges the memory of slices; returns false if the system refuses.</summary>
    internal static bool TryPurge(PageSupply* supply, void* start, nuint size)
    {
        if (!supply->Source.Purge(supply->Source.State, start, size))
        {
            return false;
        }

        _ = Atomic.Add(ref supply->PurgeCalls, 1);
        _ = Atomic.Add(ref supply->PurgedBytes, size);
        return true;
    }

    /// <summary>Commits memory for slices.</summary>
    /// <remarks>
    /// A program may lower its limits while it runs. The kernel does not apply RLIMIT_AS to memory that is
    /// already reserved, so the limit is read here; committing is a system call anyway, made once for each
    /// step of growth. The first step belongs to the region, which the limit has admitted.
    /// </remarks>
    /// <returns>False if the limit or the system refuses.</returns>
    internal static bool TryCommit(PageSupply* supply, void* start, nuint size)
    {
        nuint committed = Atomic.Read(ref supply->Committed);
        if (supply->Source.ReservesAddressSpace && committed != 0)
        {
            nuint limit = Os.AddressSpaceLimit();
            if (size > limit || committed > limit - size)
            {
                return false;
            }
        }

        if (!supply->Source.Commit(supply->Source.State, start, size))
        {
            return false;
        }

        _ = Atomic.Add(ref supply->Committed, size);
        return true;
    }
}
