using System;
using System.Diagnostics;

namespace Quarry;

/// <summary>Referenced by an owner alone, so that it is finalized when the owner is lost.</summary>
internal sealed class LeakSentinel(Action<NativeMemoryLeak> report, nuint bytes) : IDisposable
{
    private readonly StackTrace _stack = new(fNeedFileInfo: true);

    /// <summary>The owner was not lost.</summary>
    public void Dispose() => GC.SuppressFinalize(this);

    ~LeakSentinel()
    {
        report(new NativeMemoryLeak(bytes, _stack));
    }
}
