using System.Collections.Generic;
using System.Threading;

namespace Quarry.Gc.Probe;

/// <summary>The finalizers that ran, regardless of their order.</summary>
internal sealed class Log
{
    // References from finalizers keep objects alive.
    private readonly List<Node> _resurrected = [];

    private int _finalized;
    private long _sum;

    internal void Finalize(int number, long sum)
    {
        Interlocked.Increment(ref _finalized);
        Interlocked.Add(ref _sum, (number * 31L) ^ sum);
    }

    /// <summary>Keeps every second object alive.</summary>
    internal void Resurrect(Node node, long sum)
    {
        Finalize(node.Number, sum);
        if (node.Number % 2 == 0)
        {
            lock (_resurrected)
            {
                _resurrected.Add(node);
            }
        }
    }

    public override string ToString() => $"{_finalized} finalized {_resurrected.Count} kept {_sum:x}";
}
