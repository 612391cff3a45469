using System;
using System.Linq;
using System.Runtime.CompilerServices;

namespace Quarry;

/// <summary>A section under way, and its figures when it has ended.</summary>
internal sealed class SectionState
{
    private readonly int _thread;
    private readonly SourceWatch[] _watches;
    private readonly ManagedHeapWatch _heap = new();
    private readonly long _workingSet = Environment.WorkingSet;
    private readonly int _collections = GC.CollectionCount(0);
    private readonly long _start;
    private bool _ended;
    private MemoryStatistics _use;

    internal SectionState(bool ofThread, ReadOnlySpan<MemorySource> native)
    {
        _thread = ofThread ? Environment.CurrentManagedThreadId : 0;
        _watches = new SourceWatch[native.Length];
        for (int index = 0; index < native.Length; index++)
        {
            _watches[index] = native[index].Watch();
        }

        // Last, as it counts what comes before.
        _start = Allocated();
    }

    // The clock stops before what the runtime allocates to compile the rest.
    internal MemoryStatistics Stop() => Stop(Allocated());

    [MethodImpl(MethodImplOptions.NoInlining)]
    private MemoryStatistics Stop(long allocated)
    {
        if (_ended)
        {
            return _use;
        }

        if (_thread != 0 && _thread != Environment.CurrentManagedThreadId)
        {
            throw new InvalidOperationException(
                $"The section counts the bytes of thread {_thread}, and this is thread "
                + $"{Environment.CurrentManagedThreadId}. "
                + "Use MemorySection.StartProcess where threads change.");
        }

        End();
        _use = new MemoryStatistics
        {
            IsOfThread = _thread != 0,
            ManagedBytes = allocated - _start,
            ManagedHeapPeakBytes = _heap.End(),
            Collections = GC.CollectionCount(0) - _collections,
            WorkingSetGrowthBytes = Environment.WorkingSet - _workingSet,
            Native = [.. _watches.Select(watch => watch.Use)],
        };
        return _use;
    }

    /// <summary>Ends the watching; nobody asks for the figures.</summary>
    internal void Abandon()
    {
        if (!_ended)
        {
            End();
            _ = _heap.End();
        }
    }

    private void End()
    {
        _ended = true;
        foreach (SourceWatch watch in _watches)
        {
            watch.End();
        }
    }

    // What recording sites has allocated is not the section's.
    private long Allocated() => _thread != 0
        ? GC.GetAllocatedBytesForCurrentThread() - SourceObserver.ManagedBytesOfThread
        : GC.GetTotalAllocatedBytes(precise: true) - SourceObserver.ManagedBytes;
}
