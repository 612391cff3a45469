namespace Quarry.Malloc;

/// <summary>The IDs of jemalloc's explicit thread caches.</summary>
/// <remarks>
/// A block that is freed to an explicit cache returns to the heap at once, so a cache is never more than its
/// ID: flushing has nothing to do. The IDs are checked as in jemalloc, whose users rely on the message.
/// </remarks>
internal static unsafe class ExplicitCaches
{
    // The flags have 12 bits for the ID plus 2.
    private const int MaxCount = 4094;
    private const ushort Live = ushort.MaxValue;

    private static YieldingLock s_lock;
    private static Table s_table;

    // The number of IDs ever created, and the one that was destroyed last plus 1.
    private static int s_created, s_firstFree;

    /// <summary>Creates a cache; false if there are too many.</summary>
    internal static bool TryCreate(out int id)
    {
        s_lock.Enter();
        id = s_firstFree - 1;
        if (id >= 0)
        {
            s_firstFree = s_table.Entries[id];
        }
        else if (s_created < MaxCount)
        {
            id = s_created++;
        }

        if (id >= 0)
        {
            s_table.Entries[id] = Live;
        }

        s_lock.Exit();
        return id >= 0;
    }

    /// <summary>
    /// Determines whether a cache exists; ends the process if it was destroyed, because the program then uses
    /// an ID that may soon be another cache's.
    /// </summary>
    internal static bool Exists(int id)
    {
        if (id < 0 || id >= s_created)
        {
            return false;
        }

        if (s_table.Entries[id] != Live)
        {
            Abort(id);
        }

        return true;
    }

    /// <summary>Destroys a cache; false if it never existed.</summary>
    internal static bool TryDestroy(int id)
    {
        s_lock.Enter();
        bool exists = Exists(id);
        if (exists)
        {
            s_table.Entries[id] = (ushort)s_firstFree;
            s_firstFree = id + 1;
        }

        s_lock.Exit();
        return exists;
    }

    private static void Abort(int id)
    {
        TextBuffer text = new(stackalloc byte[StandardError.MessageSize]);
        text.Append("<jemalloc>: invalid tcache id ("u8);
        text.Append((nuint)id);
        text.Append(").\n"u8);
        StandardError.Write(ref text);
        ProcessAbort.Raise();
    }

    /// <summary>
    /// For each ID, <see cref="Live"/>, or the next free ID plus 1; 0 ends the list.
    /// </summary>
    private struct Table
    {
        public fixed ushort Entries[MaxCount];
    }
}
