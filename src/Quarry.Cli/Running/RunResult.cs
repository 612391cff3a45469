using System;
using System.Diagnostics;
using Quarry.Tools.Posix;
using Quarry.Tools.Running;

namespace Quarry.Cli.Running;

/// <summary>What is known of a program after it was run to its end.</summary>
/// <param name="Process">The process it was.</param>
/// <param name="End">How it ended.</param>
/// <param name="Wall">How long it ran.</param>
/// <param name="Usage">What the kernel counted.</param>
/// <param name="LeastPeak">The peak that the kernel starts counting at: that of this process.</param>
internal sealed record RunResult(
    int Process, ProcessEnd End, TimeSpan Wall, ResourceUsage Usage, long LeastPeak)
{
    /// <summary>Runs a program as a child that notices nothing of its parent.</summary>
    /// <param name="call">The program.</param>
    /// <param name="environment">Its environment.</param>
    /// <param name="onStart">Is called with the ID of the process when it has started.</param>
    internal static RunResult Supervise(
        ProgramCall call, EnvironmentBlock environment, Action<int>? onStart = null)
    {
        SignalForwarder forwarder = new();
        using ProcessSpawner spawner = new();

        long start = Stopwatch.GetTimestamp();
        ChildProcess child = spawner.Start(call, environment);
        forwarder.SetChild(child);
        onStart?.Invoke(child.Id);
        long leastPeak = ProcFile.ReadKiB("/proc/self/status", "VmHWM") ?? 0;
        ProcessEnd end = child.Wait(out ResourceUsage usage);
        TimeSpan wall = Stopwatch.GetElapsedTime(start);
        return new RunResult(child.Id, end, wall, usage, leastPeak);
    }
}
