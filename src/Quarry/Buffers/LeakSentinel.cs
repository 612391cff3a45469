using System;

namespace Quarry;

/// <summary>Reachable from an owner alone, so that it is finalized when the owner is lost.</summary>
internal sealed class LeakSentinel(Action<NativeMemoryLeak> report, nuint bytes) : IDisposable
{
    private const int Frames = 32;

    private readonly nuint _site = StackDepot.Capture(Frames);

    /// <summary>The owner was not lost.</summary>
    public void Dispose() => GC.SuppressFinalize(this);

    ~LeakSentinel()
    {
        report(new NativeMemoryLeak(bytes, AllocationSite.Of(_site)));
    }
}
