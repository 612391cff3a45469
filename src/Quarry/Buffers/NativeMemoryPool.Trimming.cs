using System;
using System.Threading;

namespace Quarry;

/// <content>When what the pool keeps goes back to the allocator.</content>
public sealed unsafe partial class NativeMemoryPool<T, TAllocator>
{
    // The share of the load at which the runtime itself begins to hurry.
    private const double PressingLoad = 0.9;

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
            SweepIfDue();
        }

        return !Volatile.Read(ref _disposed);
    }

    private void SweepIfDue()
    {
        if (_options.IdleTime == Timeout.InfiniteTimeSpan)
        {
            return;
        }

        long last = Volatile.Read(ref _lastSweep);
        long now = Now;
        if (now - last >= _options.IdleTime.TotalMilliseconds
            && Interlocked.CompareExchange(ref _lastSweep, now, last) == last)
        {
            foreach (BlockShelf shelf in _shelves)
            {
                _ = GiveBack(shelf.Sweep(), shelf.BlockBytes);
            }
        }
    }

    private nuint Empty(bool close)
    {
        nuint bytes = 0;
        foreach (BlockShelf shelf in _shelves)
        {
            bytes += GiveBack(shelf.Empty(close), shelf.BlockBytes);
        }

        _ = TryReleaseQuotas();

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
