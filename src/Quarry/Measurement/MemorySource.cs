using System;
using System.Collections.Generic;
using System.Threading;

namespace Quarry;

/// <summary>A part of native memory whose figures can be read: a counted allocator, or a heap.</summary>
/// <remarks>
/// The peak of a section is told by restarting the peak of what is watched; sections that nest share it through
/// the source. So make one source for an allocator, and read its peak through sections only. Thread-safe; it
/// counts what all threads do.
/// </remarks>
public abstract class MemorySource
{
    private readonly Lock _lock = new();
    private readonly List<SourceWatch> _watches = [];

    private protected MemorySource(string name) => Name = name;

    /// <summary>What reports call it.</summary>
    public string Name { get; }

    /// <summary>
    /// Whether bytes are those asked for and peaks those of a section; a heap counts what it rounds them up to,
    /// and knows the peak of its pages alone.
    /// </summary>
    public abstract bool IsExact { get; }

    /// <summary>The figures at this moment.</summary>
    public abstract AllocationCounts Counts { get; }

    /// <summary>What an allocator is asked for, exactly.</summary>
    public static MemorySource Of<TInner>(Counting<TInner> counting, string? name = null)
        where TInner : unmanaged, IAllocator =>
        new CountingSource<TInner>(counting, name ?? typeof(TInner).Name.Split('`')[0]);

    /// <summary>What a heap has handed out. Nothing is added to what its blocks cost.</summary>
    public static MemorySource Of(Heap heap, string? name = null) => new HeapSource(heap, name ?? nameof(Heap));

    /// <summary>The most bytes in use since the last restart.</summary>
    private protected abstract long PeakSinceRestart { get; }

    private protected abstract void RestartPeak();

    internal SourceWatch Watch()
    {
        lock (_lock)
        {
            // What is under way keeps the peak that it has had so far.
            Settle();
            var watch = new SourceWatch(this, Counts);
            _watches.Add(watch);
            return watch;
        }
    }

    internal AllocationCounts End(SourceWatch watch)
    {
        lock (_lock)
        {
            AllocationCounts used = Counts - watch.Start;
            Settle();
            _ = _watches.Remove(watch);
            return used;
        }
    }

    private void Settle()
    {
        long peak = PeakSinceRestart;
        foreach (SourceWatch watch in _watches)
        {
            watch.Peak = Math.Max(watch.Peak, peak);
        }

        RestartPeak();
    }
}
