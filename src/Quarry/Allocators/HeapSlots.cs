using System;
using System.Collections.Generic;
using System.Runtime.CompilerServices;
using System.Threading;

namespace Quarry;

/// <summary>
/// Which part of which heap each thread has: one array a thread, indexed by the slot of the heap, and in
/// front of it the two heaps that the thread looked up last.
/// </summary>
/// <remarks>
/// When a thread ends its array is collected, and nothing tells the heaps. They find out by themselves when
/// another thread asks them for a part: see <c>ThreadLifetime.Acquire</c>.
/// </remarks>
internal static unsafe class HeapSlots
{
    private static readonly Lock s_lock = new();
    private static readonly Stack<int> s_free = new();
    private static ulong[] s_alive = [];
    private static int s_count;
    private static ulong s_serials;

    [ThreadStatic]
    private static Entry[]? t_entries;

    /// <summary>A slot for a new heap, and a number that no other heap has had.</summary>
    internal static int Take(out ulong serial)
    {
        lock (s_lock)
        {
            serial = ++s_serials;
            int slot = s_free.TryPop(out int free) ? free : s_count++;
            if (slot >= s_alive.Length)
            {
                Array.Resize(ref s_alive, Math.Max(16, s_alive.Length * 2));
            }

            s_alive[slot] = serial;
            return slot;
        }
    }

    /// <summary>Lets another heap have the slot.</summary>
    /// <returns>False if the heap had given it already.</returns>
    internal static bool TryGive(int slot, ulong serial)
    {
        lock (s_lock)
        {
            if (!IsAlive(slot, serial))
            {
                return false;
            }

            s_alive[slot] = 0;
            s_free.Push(slot);
        }

        if (ThreadWords.t_heapSerial == serial)
        {
            ThreadWords.t_heapSerial = 0;
            ThreadWords.t_heap = null;
        }

        if (ThreadWords.t_otherSerial == serial)
        {
            ThreadWords.t_otherSerial = 0;
            ThreadWords.t_other = null;
        }

        return true;
    }

    /// <summary>
    /// Delays the disposal of heaps until the scope ends: a heap gives its slot back before its memory.
    /// </summary>
    internal static Lock.Scope DelayDisposal() => s_lock.EnterScope();

    /// <summary>The serial number of the heap that the calling thread used last; 0 if none.</summary>
    internal static ulong LastSerial => ThreadWords.t_heapSerial;

    /// <summary>The calling thread's part of that heap.</summary>
    internal static ThreadHeap* LastThread => (ThreadHeap*)ThreadWords.t_heap;

    /// <summary>The serial number of another heap that the calling thread used; 0 if none.</summary>
    internal static ulong OtherSerial => ThreadWords.t_otherSerial;

    /// <summary>The calling thread's part of that other heap.</summary>
    internal static ThreadHeap* OtherThread => (ThreadHeap*)ThreadWords.t_other;

    /// <summary>
    /// Gets the calling thread's part of a heap that is none of the two above; null if the heap is not alive,
    /// or there is no memory for one.
    /// </summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    internal static ThreadHeap* Find(HeapState* heap, int slot, ulong serial)
    {
        // Entries of heaps that are gone stay in the arrays, so the array alone does not tell.
        if (!IsAlive(slot, serial))
        {
            return null;
        }

        Entry[] entries = t_entries ?? [];
        ThreadHeap* thread = (uint)slot < (uint)entries.Length && entries[slot].Serial == serial
            ? entries[slot].Thread
            : Attach(heap, slot, serial);
        if (thread != null)
        {
            ThreadWords.t_otherSerial = ThreadWords.t_heapSerial;
            ThreadWords.t_other = ThreadWords.t_heap;
            ThreadWords.t_heapSerial = serial;
            ThreadWords.t_heap = thread;
        }

        return thread;
    }

    private static ThreadHeap* Attach(HeapState* heap, int slot, ulong serial)
    {
        ThreadHeap* thread = ThreadLifetime.Acquire(heap, Os.ThreadId());
        if (thread != null)
        {
            Entry[] entries = t_entries ?? [];
            if (slot >= entries.Length)
            {
                Array.Resize(ref entries, Math.Max(slot + 1, entries.Length * 2));
                t_entries = entries;
            }

            entries[slot] = new Entry { Serial = serial, Thread = thread };
        }

        return thread;
    }

    /// <summary>Whether a heap was made and not destroyed.</summary>
    internal static bool IsAlive(int slot, ulong serial)
    {
        ulong[] alive = Volatile.Read(ref s_alive);
        return (uint)slot < (uint)alive.Length && Volatile.Read(ref alive[slot]) == serial;
    }

    private struct Entry
    {
        public ulong Serial;
        public ThreadHeap* Thread;
    }
}
