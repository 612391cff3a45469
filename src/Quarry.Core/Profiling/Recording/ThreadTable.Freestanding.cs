using System.Threading;

namespace Quarry;

/// <summary>Finds the record of the calling thread, and lists the threads in the file.</summary>
/// <remarks>
/// Searching takes no lock: a slot is written once, and a table that was replaced by a larger one stays
/// readable. Adding requires the <see cref="SiteLock"/>.
/// </remarks>
internal unsafe struct ThreadTable
{
    // A program that starts a thread for each request must not fill the file. The threads beyond share the
    // last entry.
    private const int MaxEntries = 4096;

    private const uint FirstSlots = 256;

    /// <summary>The value of <see cref="ThreadRecord.IsMuted"/> for threads that are added.</summary>
    internal bool MutesNewThreads;

    private nuint _table;
    private ProfileThread* _next;
    private ProfileThread* _end;
    private ProfileThread* _last;
    private int _entries;

    /// <summary>
    /// Returns the record of the calling thread; null if it has none, or only that of an ended thread.
    /// </summary>
    internal static ThreadRecord* Find(ThreadTable* threads, nuint token)
    {
        ThreadRecord* thread = Search((Table*)Atomic.Read(ref threads->_table), token);
        return thread == null || thread->Ended ? null : thread;
    }

    /// <summary>Adds the calling thread; returns null if there is no memory.</summary>
    internal static ThreadRecord* Add(
        ThreadTable* threads, ProfileFile* file, PrivateMemory* memory, nuint token, int threadId, ulong time)
    {
        Table* table = (Table*)threads->_table;
        ThreadRecord* thread = Search(table, token);
        if (thread == null)
        {
            if (table == null || table->Used * 2 >= table->Slots)
            {
                table = Grow(table, memory);
                if (table == null)
                {
                    return null;
                }

                Atomic.Write(ref threads->_table, (nuint)table);
            }

            thread = (ThreadRecord*)memory->Allocate((nuint)sizeof(ThreadRecord));
            if (thread == null)
            {
                return null;
            }

            thread->Token = token;
            thread->Ended = true;
            Insert(table, thread);
        }

        // A thread that allocates after its end was reported, in a destructor, keeps its entry.
        if (thread->ThreadId != threadId)
        {
            thread->LastBlock = null;
            thread->Label[0] = 0;
            thread->IsMuted = threads->MutesNewThreads;

            // The thread that had the token may have been killed while it used its stack.
            if (thread->Stack != null)
            {
                *thread->Stack = default;
            }

            thread->Entry = AddEntry(threads, file, threadId, time);

            // After the entry, for dumps, which search without the lock. Pairs with FindById.
            Volatile.Write(ref thread->ThreadId, threadId);
        }

        thread->Ended = false;
        return thread;
    }

    /// <summary>Reads the current names of all threads that run.</summary>
    internal static void UpdateNames(ThreadTable* threads)
    {
        byte* name = stackalloc byte[ThreadName.Capacity];
        Table* table = (Table*)threads->_table;
        for (uint slot = 0; table != null && slot < table->Slots; slot++)
        {
            ThreadRecord* thread = (ThreadRecord*)SlotsOf(table)[slot];
            if (thread != null && !thread->Ended)
            {
                SetName(thread, name, ThreadName.Read(thread->ThreadId, name));
            }
        }
    }

    /// <summary>Notes that the calling thread ends, because another one may get its token.</summary>
    internal static void End(ThreadRecord* thread)
    {
        byte* name = stackalloc byte[ThreadName.Capacity];
        SetName(thread, name, ThreadName.ReadOwn(name));
        thread->Ended = true;
    }

    /// <summary>
    /// Notes that all threads have ended, in a forked child, in which their IDs mean nothing.
    /// </summary>
    internal static void EndAll(ThreadTable* threads)
    {
        Table* table = (Table*)threads->_table;
        for (uint slot = 0; table != null && slot < table->Slots; slot++)
        {
            ThreadRecord* thread = (ThreadRecord*)SlotsOf(table)[slot];
            if (thread != null)
            {
                thread->Ended = true;
            }
        }
    }

    /// <summary>Returns the last record of a thread; null if there is none. Needs no lock.</summary>
    internal static ThreadRecord* FindById(ThreadTable* threads, int threadId)
    {
        Table* table = (Table*)Atomic.Read(ref threads->_table);
        for (uint slot = 0; table != null && slot < table->Slots; slot++)
        {
            ThreadRecord* thread = (ThreadRecord*)Atomic.Read(ref SlotsOf(table)[slot]);
            if (thread != null && Volatile.Read(ref thread->ThreadId) == threadId)
            {
                return thread;
            }
        }

        return null;
    }

    private static void SetName(ThreadRecord* thread, byte* name, int length)
    {
        // The last entry may be that of many threads.
        if (length > 0 && thread->Entry != null && thread->Entry->ThreadId == thread->ThreadId)
        {
            Memory.Copy(name, thread->Entry->Name, (nuint)length);
            thread->Entry->NameLength = length;
        }
    }

    private static ProfileThread* AddEntry(ThreadTable* threads, ProfileFile* file, int threadId, ulong time)
    {
        if (threads->_entries == MaxEntries
            || (threads->_next == threads->_end && !TryAddRecord(threads, file, time)))
        {
            return threads->_last;
        }

        ProfileThread* entry = threads->_next++;
        threads->_entries++;
        threads->_last = entry;
        entry->FirstTime = time;
        entry->NameLength = ThreadName.ReadOwn(entry->Name);
        Volatile.Write(ref entry->ThreadId, threadId);
        return entry;
    }

    private static bool TryAddRecord(ThreadTable* threads, ProfileFile* file, ulong time)
    {
        nuint bytes = ProfileThread.PerRecord * (nuint)sizeof(ProfileThread);
        ProfileThread* entries = (ProfileThread*)file->BeginRecord(bytes);
        if (entries == null)
        {
            return false;
        }

        file->EndRecord(entries, ProfileRecordKind.Threads, bytes, time);
        threads->_next = entries;
        threads->_end = entries + ProfileThread.PerRecord;
        return true;
    }

    private static Table* Grow(Table* table, PrivateMemory* memory)
    {
        uint slots = table == null ? FirstSlots : table->Slots * 2;
        nuint bytes = (nuint)sizeof(Table) + ((nuint)slots * (nuint)sizeof(nuint));
        Table* larger = (Table*)memory->Allocate(bytes);
        if (larger == null)
        {
            return null;
        }

        larger->Slots = slots;
        for (uint slot = 0; table != null && slot < table->Slots; slot++)
        {
            ThreadRecord* thread = (ThreadRecord*)SlotsOf(table)[slot];
            if (thread != null)
            {
                Insert(larger, thread);
            }
        }

        return larger;
    }

    private static ThreadRecord* Search(Table* table, nuint token)
    {
        for (uint slot = Hash(token); table != null; slot++)
        {
            ThreadRecord* thread =
                (ThreadRecord*)Atomic.Read(ref SlotsOf(table)[slot & (table->Slots - 1)]);
            if (thread == null || thread->Token == token)
            {
                return thread;
            }
        }

        return null;
    }

    private static void Insert(Table* table, ThreadRecord* thread)
    {
        uint slot = Hash(thread->Token);
        while (SlotsOf(table)[slot & (table->Slots - 1)] != 0)
        {
            slot++;
        }

        Atomic.Write(ref SlotsOf(table)[slot & (table->Slots - 1)], (nuint)thread);
        table->Used++;
    }

    // Control blocks lie at the ends of stacks, whose distances are multiples of large powers of two.
    private static uint Hash(nuint token) => (uint)(((ulong)token * 0x9E37_79B9_7F4A_7C15) >> 40);

    private static nuint* SlotsOf(Table* table) => (nuint*)(table + 1);

    private struct Table
    {
        public uint Slots;
        public uint Used;
    }
}
