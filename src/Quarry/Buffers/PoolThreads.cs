using System;
using System.Collections.Generic;
using System.Runtime.CompilerServices;
using System.Threading;

namespace Quarry;

/// <summary>What the threads of a pool keep for themselves, in front of the shelves of all.</summary>
/// <remarks>
/// Their quotas count for the limit of the pool and, so that most of it is there for all, not more than
/// <paramref name="limit"/>. No other thread can take them but at a sweep.
/// </remarks>
/// <param name="blockBytes">The sizes, in ascending order.</param>
/// <param name="limit">The most bytes.</param>
/// <param name="keepsOwners">Whether blocks come with an owner, which is kept for their next user.</param>
#pragma warning disable CA1001 // buffers may come back after the pool has gone, so _own is not disposed
internal sealed class PoolThreads(nuint[] blockBytes, nuint limit, bool keepsOwners)
{
    // A thread keeps less than Depth of the larger blocks, for which a lock does not matter any more.
    private const uint MaxThreadBytes = 64 << 10;

    private readonly ThreadLocal<Own> _own = new();
    private readonly Lock _lock = new();
    private ThreadShelves[] _all = [];
    private bool _closed;
    private nuint _bytes;

    /// <summary>Finds what the calling thread keeps; null before <see cref="TryJoin"/>.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    internal ThreadShelves? Find()
    {
        ThreadShelves? last = ThreadShelves.Last;
        if (last?.Pool == this)
        {
            return last;
        }

        ThreadShelves? own = _own.Value.Shelves;
        ThreadShelves.Last = own ?? last;
        return own;
    }

    /// <summary>Gets what the calling thread keeps; null if it may not keep blocks of the size.</summary>
    internal ThreadShelves? TryJoin(int index) =>
        blockBytes[index] > limit ? null : Find() ?? Join();

    /// <summary>Adds a block to the quota of the calling thread.</summary>
    /// <returns>False if it has enough.</returns>
    internal bool TryCharge(ThreadShelves own, int index)
    {
        nuint bytes = blockBytes[index];
        if ((nuint)own[index].Quota >= Math.Clamp(MaxThreadBytes / bytes, 1, ThreadShelf.Depth))
        {
            return false;
        }

        bool charges = Atomic.Add(ref _bytes, bytes) <= limit;
        if (!charges)
        {
            Discharge(bytes);
        }

        return charges;
    }

    /// <summary>Takes back what <see cref="TryCharge"/> has added.</summary>
    internal void Discharge(nuint bytes) => _ = Atomic.Subtract(ref _bytes, bytes);

    /// <summary>Claims what all threads keep, until <see cref="Unclaim"/>.</summary>
    internal void Claim()
    {
        _lock.Enter();
        foreach (ThreadShelves thread in _all)
        {
            thread.Claim();
        }

        if (_all.Length != 0)
        {
            Interlocked.MemoryBarrierProcessWide();
        }

        foreach (ThreadShelves thread in _all)
        {
            thread.Await();
        }
    }

    /// <summary>Ends the claim.</summary>
    internal void Unclaim()
    {
        foreach (ThreadShelves thread in _all)
        {
            thread.Unclaim(_closed);
        }

        _lock.Exit();
    }

    /// <summary>Removes blocks of all threads: those not needed since the last sweep, or all.</summary>
    /// <param name="all">Whether to remove all.</param>
    /// <param name="close">Whether the threads keep none from now on.</param>
    /// <param name="removed">For each size, to be filled with its blocks.</param>
    /// <returns>The bytes of the quotas that have become free, of removed blocks and others.</returns>
    internal nuint Remove(bool all, bool close, List<nint>[] removed)
    {
        nuint released = 0;
        Claim();
        try
        {
            _closed |= close;
            foreach (ThreadShelves thread in _all)
            {
                for (int index = 0; index < removed.Length; index++)
                {
                    released += (nuint)thread.Remove(index, all, removed[index]) * blockBytes[index];
                }
            }
        }
        finally
        {
            Unclaim();
        }

        Discharge(released);
        return released;
    }

    /// <summary>Returns the statistics of what threads keep. It must be claimed.</summary>
    internal NativeMemoryPoolStatistics GetStatistics()
    {
        NativeMemoryPoolStatistics sum = default;
        foreach (ThreadShelves thread in _all)
        {
            for (int index = 0; index < blockBytes.Length; index++)
            {
                sum += thread[index].GetStatistics(blockBytes[index]);
            }
        }

        return sum;
    }

    // As many as there were threads at the same time: one that has ended leaves its shelves to the next.
    private ThreadShelves? Join()
    {
        lock (_lock)
        {
            if (_closed)
            {
                return null;
            }

            ThreadShelves? shelves = Array.Find(_all, thread => thread.TryAdopt());
            if (shelves == null)
            {
                shelves = new ThreadShelves(this, blockBytes.Length, keepsOwners);
                _all = [.. _all, shelves];
            }

            _own.Value = new Own(shelves);
            return shelves;
        }
    }

    // A struct: the code of ThreadLocal for reference types is shared by all of them, and slower.
    private readonly record struct Own(ThreadShelves? Shelves);
}
