using System;
using System.Collections.Generic;
using System.Threading;

namespace Quarry;

/// <summary>
/// Which part of which heap each thread has: one array a thread, indexed by the slot of the heap.
/// </summary>
/// <remarks>
/// When a thread ends its array is collected, and nothing tells the heaps. They find out by themselves when
/// another thread asks them for a part: see <c>ThreadHeap.Acquire</c>.
/// </remarks>
internal static unsafe class HeapSlots
{
    private static readonly Lock s_lock = new();
    private static readonly Stack<int> s_free = new();
    private static int s_count;
    private static ulong s_serials;

    [ThreadStatic]
    private static Entry[]? t_entries;

    /// <summary>The entries of the calling thread.</summary>
    internal static Entry[] OfThread => t_entries ?? [];

    /// <summary>A slot for a new heap, and a number that no other heap has had.</summary>
    internal static int Take(out ulong serial)
    {
        lock (s_lock)
        {
            serial = ++s_serials;
            return s_free.TryPop(out int slot) ? slot : s_count++;
        }
    }

    /// <summary>Lets another heap have the slot.</summary>
    internal static void Give(int slot)
    {
        lock (s_lock)
        {
            s_free.Push(slot);
        }
    }

    internal static void SetOfThread(int slot, Entry entry)
    {
        Entry[] entries = t_entries ?? [];
        if (slot >= entries.Length)
        {
            Array.Resize(ref entries, Math.Max(slot + 1, entries.Length * 2));
            t_entries = entries;
        }

        entries[slot] = entry;
    }

    internal struct Entry
    {
        public ulong Serial;
        public ThreadHeap* Thread;
    }
}
