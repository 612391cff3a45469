using System;
using System.Globalization;
using System.Threading;
using Quarry.Tools.Posix;
using Quarry.Tools.Running;

namespace Quarry.Tools.Benchmarking;

/// <summary>Kills a child that takes too long, or that nobody waits for any more.</summary>
internal sealed class TimeLimit : IDisposable
{
    private readonly TimeSpan _limit;
    private readonly CancellationTokenRegistration _onCancel;
    private readonly Timer _timer;
    private volatile bool _exceeded;

    internal TimeLimit(ChildProcess child, TimeSpan limit, CancellationToken cancellation)
    {
        _limit = limit;
        _onCancel = cancellation.Register(() => child.Signal(Constants.SIGKILL));
        _timer = new Timer(_ => Exceed(child), null, limit, Timeout.InfiniteTimeSpan);
    }

    internal void ThrowIfExceeded()
    {
        if (_exceeded)
        {
            throw new RunFailedException(
                string.Create(CultureInfo.InvariantCulture, $"took longer than {_limit.TotalSeconds} s"));
        }
    }

    public void Dispose()
    {
        _onCancel.Dispose();
        _timer.Dispose();
    }

    private void Exceed(ChildProcess child)
    {
        _exceeded = true;
        child.Signal(Constants.SIGKILL);
    }
}
