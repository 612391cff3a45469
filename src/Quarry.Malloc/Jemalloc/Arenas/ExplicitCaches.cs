using System.Runtime.CompilerServices;
using System.Threading;

namespace Quarry.Malloc;

/// <summary>jemalloc's explicit thread caches, by their IDs.</summary>
/// <remarks>
/// The IDs are checked as in jemalloc, whose users rely on the message.
/// </remarks>
internal static unsafe class ExplicitCaches
{
    // The flags have 12 bits for the ID plus 2.
    private const int MaxCount = 4094;
    private const ushort Live = ushort.MaxValue;

    private static YieldingLock s_lock;
    private static Table s_table;

    // The blocks of all caches, by ID; mapped when the first cache is created.
    private static nuint s_caches;

    // The number of IDs ever created, and the one that was destroyed last plus 1.
    private static int s_created, s_firstFree;

    /// <summary>Creates a cache; false if there are too many.</summary>
    internal static bool TryCreate(out int id)
    {
        s_lock.Enter();
        id = s_firstFree - 1;
        id = id >= 0 ? id : s_created < MaxCount ? s_created : -1;
        bool created = id >= 0 && TryMap();
        if (created)
        {
            s_firstFree = id < s_created ? s_table.Entries[id] : s_firstFree;
            ((ExplicitCache*)s_caches + id)->Start();
            ((ExplicitCache*)s_caches + id)->IsLive = true;
            s_table.Entries[id] = Live;
            if (id == s_created)
            {
                // Last: a thread that reads the number also reads the mapping. Pairs with IsCreated.
                Volatile.Write(ref s_created, id + 1);
            }
        }

        s_lock.Exit();
        return created;
    }

    /// <summary>Frees the blocks of a cache; false if it never existed.</summary>
    internal static bool TryFlush(int id)
    {
        ExplicitCache* cache = Find(id);
        if (cache != null)
        {
            ExplicitCache.Flush(cache);
        }

        return cache != null;
    }

    /// <summary>
    /// Returns a cache; null if it was never created. Ends the process if it was destroyed, because the
    /// program then uses an ID that may soon be another cache's.
    /// </summary>
    internal static ExplicitCache* Find(int id)
    {
        if (!IsCreated(id))
        {
            return null;
        }

        if (s_table.Entries[id] != Live)
        {
            Abort(id);
        }

        return (ExplicitCache*)s_caches + id;
    }

    /// <summary>Returns a cache; null if there is none.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static ExplicitCache* TryFind(int id)
    {
        if (!IsCreated(id))
        {
            return null;
        }

        ExplicitCache* cache = (ExplicitCache*)s_caches + id;
        return cache->IsLive ? cache : null;
    }

    /// <summary>Destroys a cache; false if it never existed.</summary>
    internal static bool TryDestroy(int id)
    {
        // Without the lock: freeing may call extent hooks. Only one thread may use a cache at a time.
        _ = TryFlush(id);
        s_lock.Enter();
        bool exists = Find(id) != null;
        if (exists)
        {
            ((ExplicitCache*)s_caches + id)->IsLive = false;
            s_table.Entries[id] = (ushort)s_firstFree;
            s_firstFree = id + 1;
        }

        s_lock.Exit();
        return exists;
    }

    /// <summary>Makes the IDs usable in the child of a fork, whose parent may have been creating one.
    /// </summary>
    internal static void StartInChild() => s_lock = default;

    // An acquire: the mapping is read behind it. Pairs with TryCreate.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool IsCreated(int id) => (uint)id < (uint)Volatile.Read(ref s_created);

    private static bool TryMap()
    {
        s_caches = s_caches != 0 ? s_caches : (nuint)Os.Map(MaxCount * (nuint)sizeof(ExplicitCache));
        return s_caches != 0;
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
