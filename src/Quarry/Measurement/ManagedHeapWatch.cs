using System;
using System.Threading;

namespace Quarry;

/// <summary>The largest size of the managed heap during a section.</summary>
/// <remarks>
/// Between collections the heap only grows, so its peaks are where collections begin, and the runtime remembers
/// those of the last one. An object that nobody holds is finalized after each collection, looks, and makes the
/// next one. A collection that follows before it has looked is missed.
/// </remarks>
internal sealed class ManagedHeapWatch
{
    private readonly Lock _lock = new();
    private readonly long _first = GC.GetGCMemoryInfo(GCKind.Any).Index;
    private long _peak = GC.GetTotalMemory(forceFullCollection: false);
    private bool _ended;

    internal ManagedHeapWatch() => _ = new Sentinel(this);

    internal long End()
    {
        _ = TryLook();
        lock (_lock)
        {
            _ended = true;
            return _peak = Math.Max(_peak, GC.GetTotalMemory(forceFullCollection: false));
        }
    }

    /// <summary>Looks at the last collection; false if the watch has ended.</summary>
    private bool TryLook()
    {
        GCMemoryInfo last = GC.GetGCMemoryInfo(GCKind.Any);
        long size = 0;
        foreach (GCGenerationInfo generation in last.GenerationInfo)
        {
            size += generation.SizeBeforeBytes;
        }

        lock (_lock)
        {
            _peak = !_ended && last.Index != _first ? Math.Max(_peak, size) : _peak;
            return !_ended;
        }
    }

    private sealed class Sentinel(ManagedHeapWatch watch)
    {
        ~Sentinel()
        {
            if (!Environment.HasShutdownStarted && watch.TryLook())
            {
                _ = new Sentinel(watch);
            }
        }
    }
}
