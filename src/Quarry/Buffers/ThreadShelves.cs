using System;
using System.Collections.Generic;
using System.Runtime.CompilerServices;
using System.Threading;

namespace Quarry;

/// <summary>What one thread keeps of a pool: a <see cref="ThreadShelf"/> for each size.</summary>
/// <remarks>
/// The thread uses them without an atomic operation. Another one that wants to change them claims them. Each
/// of the two sets its own flag before it reads that of the other: <see cref="_inside"/>, and
/// <see cref="_claimed"/>. The processor may delay the store of the thread until after its read, but not
/// beyond the barrier that the claimant sends to all processors between its own store and its read. So either
/// the thread finds itself claimed, and does without its shelves, or the claimant finds it inside, and waits
/// for the few instructions until it has left.
/// </remarks>
/// <param name="pool">What it is a part of.</param>
/// <param name="sizes">The number of sizes.</param>
/// <param name="keepsOwners">Whether blocks come with an owner, which is kept for their next user.</param>
internal sealed class ThreadShelves(PoolThreads pool, int sizes, bool keepsOwners)
{
    /// <summary>What it is a part of.</summary>
    internal readonly PoolThreads Pool = pool;

    private readonly ThreadShelf[] _shelves = new ThreadShelf[sizes];

    // A block that is taken leaves its owner behind: it mostly comes back to the same place with the same
    // one, and comparing a reference costs less than storing it.
    private readonly Kept[]? _owners = keepsOwners ? new Kept[sizes * ThreadShelf.Depth] : null;
    private bool _inside, _claimed, _closed;
    private Thread _thread = Thread.CurrentThread;

    [ThreadStatic]
    private static ThreadShelves? t_last;

    /// <summary>
    /// Gets or sets those of the pool that the calling thread has used last: not even a
    /// <see cref="ThreadLocal{T}"/> is as fast.
    /// </summary>
    internal static ThreadShelves? Last
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => t_last;
        set => t_last = value;
    }

    /// <summary>Which returns of the thread read the clock; for the thread alone.</summary>
    internal ClockPace Pace;

    /// <summary>The shelf of a size, to be read.</summary>
    internal ref readonly ThreadShelf this[int index] => ref _shelves[index];

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal nint TryTake(int index, out object? owner)
    {
        nint block = 0;
        owner = null;
        Volatile.Write(ref _inside, true);
        ThreadShelf[] shelves = _shelves;
        if (!Volatile.Read(ref _claimed) && (uint)index < (uint)shelves.Length)
        {
            block = shelves[index].TryTake(out int place);
            if (_owners != null && block != 0)
            {
                owner = _owners[(index * ThreadShelf.Depth) + place].Owner;
            }
        }

        Volatile.Write(ref _inside, false);
        return block;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal bool TryPut(int index, nint block, object? owner)
    {
        Volatile.Write(ref _inside, true);
        ThreadShelf[] shelves = _shelves;
        if (!Volatile.Read(ref _claimed) && (uint)index < (uint)shelves.Length
            && shelves[index].TryPut(block, out int place))
        {
            if (_owners != null)
            {
                KeepOwner(index, place, owner);
            }

            Volatile.Write(ref _inside, false);
            return true;
        }

        Volatile.Write(ref _inside, false);
        return false;
    }

    /// <summary>Enlarges the quota of a size by a block, and keeps this one.</summary>
    internal bool TryExtend(int index, nint block, object? owner)
    {
        Volatile.Write(ref _inside, true);
        bool extends = !Volatile.Read(ref _claimed) && !_closed;
        if (extends)
        {
            _shelves[index].Extend();
            extends = _shelves[index].TryPut(block, out int place);
            if (_owners != null && extends)
            {
                KeepOwner(index, place, owner);
            }
        }

        Volatile.Write(ref _inside, false);
        return extends;
    }

    /// <summary>Makes the calling thread the owner if the former one has ended.</summary>
    internal bool TryAdopt()
    {
        bool ended = !_thread.IsAlive;
        if (ended)
        {
            // What the thread wrote before it ended is read after it was found to have ended.
            Interlocked.MemoryBarrier();
            _thread = Thread.CurrentThread;
            Pace = default;
        }

        return ended;
    }

    /// <summary>Begins a claim. It holds after a barrier on all processors and <see cref="Await"/>.</summary>
    internal void Claim() => Volatile.Write(ref _claimed, true);

    /// <summary>Waits until the thread is not inside.</summary>
    internal void Await()
    {
        for (uint round = 0; Volatile.Read(ref _inside); round++)
        {
            Backoff.Wait(round);
        }
    }

    /// <inheritdoc cref="ThreadShelf.Remove"/>
    /// <remarks>For a claimant.</remarks>
    internal int Remove(int index, bool all, List<nint> removed)
    {
        int before = _shelves[index].Count;
        int released = _shelves[index].Remove(all, removed);
        if (_owners != null)
        {
            Span<Kept> owners = _owners.AsSpan(index * ThreadShelf.Depth, ThreadShelf.Depth);
            int after = _shelves[index].Count;
            owners[(before - after)..before].CopyTo(owners);
            owners[after..].Clear();
        }

        return released;
    }

    /// <summary>Ends a claim.</summary>
    /// <param name="close">Whether the thread keeps nothing from now on.</param>
    internal void Unclaim(bool close)
    {
        _closed |= close;
        Volatile.Write(ref _claimed, false);
    }

    private void KeepOwner(int index, int place, object? owner)
    {
        ref object? kept = ref _owners![(index * ThreadShelf.Depth) + place].Owner;
        if (kept != owner)
        {
            kept = owner;
        }
    }

    // The runtime checks the type of what is stored into an array of references, but not into one of these.
    private struct Kept
    {
        internal object? Owner;
    }
}
