using System;
using System.Collections.Generic;
using System.Threading;

namespace Quarry;

/// <summary>A part of native memory whose figures can be read: a counted allocator, or a heap.</summary>
/// <remarks>
/// The peak of a section is told by restarting the peak of what is watched; sections that nest share it
/// through the source. So make one source for an allocator, and read its peak through sections only.
/// Thread-safe; it counts what all threads do.
/// </remarks>
public abstract unsafe class MemorySource
{
    private readonly Lock _lock = new();
    private readonly List<SourceWatch> _watches = [];
    private readonly SourceRecorders _recorders = new();

    private protected MemorySource(string name) => Name = name;

    /// <summary>What reports call it.</summary>
    public string Name { get; }

    /// <summary>
    /// Whether bytes are those asked for and peaks those of a section; a heap counts what it rounds them up
    /// to, and knows the peak of its pages alone.
    /// </summary>
    public abstract bool IsExact { get; }

    /// <summary>
    /// Gets or sets a value that indicates whether sections that start from now on record the call stacks of
    /// the blocks, which <see cref="NativeStatistics.Sites"/> lists; <see langword="false"/> by default.
    /// </summary>
    /// <remarks>
    /// Each block that is allocated in such a section costs some 10 µs and 6 KB of garbage, which the figures
    /// of the section do not include; without such a section, recording costs nothing. Of a heap, threads
    /// other than the one that starts the section may allocate some blocks unrecorded, until they next leave
    /// the fast path.
    /// </remarks>
    public bool RecordsSites { get; set; }

    /// <summary>The figures at this moment.</summary>
    public abstract AllocationStatistics Statistics { get; }

    /// <summary>The figures by size, where the source has them; empty otherwise.</summary>
    public virtual IReadOnlyList<SizeStatistics> Sizes => [];

    /// <summary>What an allocator is asked for, exactly, and in which sizes.</summary>
    public static MemorySource Of<TInner>(CountingBySize<TInner> counting, string? name = null)
        where TInner : unmanaged, IAllocator =>
        new CountingSource<TInner>(counting.Total, name ?? NameOf<TInner>(), counting.GetSizeStatistics);

    /// <summary>What an allocator is asked for, exactly.</summary>
    public static MemorySource Of<TInner>(Counting<TInner> counting, string? name = null)
        where TInner : unmanaged, IAllocator =>
        new CountingSource<TInner>(counting, name ?? NameOf<TInner>());

    /// <summary>What a heap has handed out. Nothing is added to what its blocks cost.</summary>
    public static MemorySource Of(Heap heap, string? name = null) =>
        new HeapSource(heap, name ?? nameof(Heap));

    /// <summary>The most bytes in use since the last restart.</summary>
    private protected abstract long PeakSinceRestart { get; }

    private protected abstract void RestartPeak();

    /// <summary>Has the allocator call an observer, or none if it is null.</summary>
    private protected abstract void SetObserver(HeapObserver* observer);

    internal SourceWatch Watch()
    {
        lock (_lock)
        {
            // What is under way keeps the peak that it has had so far.
            Settle();
            SiteRecorder? recorder = RecordsSites ? new SiteRecorder() : null;
            if (recorder != null && _recorders.Add(recorder))
            {
                SetObserver(_recorders.Observer);
            }

            var watch = new SourceWatch(this, Statistics, recorder);
            _watches.Add(watch);
            return watch;
        }
    }

    internal AllocationStatistics End(SourceWatch watch)
    {
        lock (_lock)
        {
            AllocationStatistics used = Statistics - watch.Start;
            Settle();
            if (watch.Recorder != null && _recorders.Remove(watch.Recorder))
            {
                SetObserver(null);
            }

            _ = _watches.Remove(watch);
            return used;
        }
    }

    private static string NameOf<TInner>() => typeof(TInner).Name.Split('`')[0];

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
