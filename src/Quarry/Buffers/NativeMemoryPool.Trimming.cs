using System;
using System.Collections.Generic;
using System.Runtime.CompilerServices;
using System.Threading;

namespace Quarry;

/// <content>When what the pool keeps goes back to the allocator.</content>
public sealed unsafe partial class NativeMemoryPool<T, TAllocator>
{
    // The share of the load at which the runtime itself begins to hurry.
    private const double PressingLoad = 0.9;

    // In milliseconds.
    private readonly long _idleTime;
    private long _lastSweep;

    private long Now => _options.TimeProvider is { } time
        ? (long)time.GetElapsedTime(0, time.GetTimestamp()).TotalMilliseconds
        : Environment.TickCount64;

    /// <summary>Gives all that the pool keeps back to the allocator. What is rented stays.</summary>
    /// <returns>The number of bytes.</returns>
    public nuint Trim() => Empty(close: false);

    /// <inheritdoc/>
    bool ICollectionListener.OnCollected()
    {
        GCMemoryInfo memory = GC.GetGCMemoryInfo();
        if (memory.MemoryLoadBytes >= memory.HighMemoryLoadThresholdBytes * PressingLoad)
        {
            _ = Trim();
        }
        else
        {
            SweepIfDue(null);
        }

        return !Volatile.Read(ref _disposed);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    internal void SweepIfDue(ThreadShelves? thread)
    {
        long last = Volatile.Read(ref _lastSweep);
        long now = Now;
        if (thread != null && _options.TimeProvider == null)
        {
            thread.Pace.Next(now, _idleTime);
        }

        if (now - last >= _idleTime
            && Interlocked.CompareExchange(ref _lastSweep, now, last) == last)
        {
            _ = GiveBackThreads(all: false, close: false);
            foreach (BlockShelf shelf in _shelves)
            {
                _ = GiveBack(shelf.Sweep(), shelf.BlockBytes);
            }
        }
    }

    private nuint Empty(bool close)
    {
        // First, as the buffers of a thread that is about to keep one go to the shelves of all.
        nuint bytes = GiveBackThreads(all: true, close);
        foreach (BlockShelf shelf in _shelves)
        {
            bytes += GiveBack(shelf.Empty(close), shelf.BlockBytes);
        }

        _ = TryReleaseQuotas();

        return bytes;
    }

    private nuint GiveBackThreads(bool all, bool close)
    {
        List<nint>[] removed = Array.ConvertAll(_shelves, _ => new List<nint>());
        nuint quotas = _threads.Remove(all, close, removed);
        nuint bytes = 0;
        for (int index = 0; index < removed.Length; index++)
        {
            nuint blockBytes = BytesAt(index);
            foreach (nint block in removed[index])
            {
                Deallocate((void*)block, blockBytes);
                bytes += blockBytes;
            }
        }

        Forget(quotas);
        return bytes;
    }

    private nuint GiveBack(BlockShelf.Entry[] entries, nuint blockBytes)
    {
        foreach (BlockShelf.Entry entry in entries)
        {
            Deallocate((void*)entry.Block, blockBytes);
        }

        nuint bytes = (nuint)entries.Length * blockBytes;
        Forget(bytes);
        return bytes;
    }
}
