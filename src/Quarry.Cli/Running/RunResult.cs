using System;
using System.Diagnostics;
using Quarry.Cli.Posix;

namespace Quarry.Cli.Running;

/// <summary>What is known of a program after it was run to its end.</summary>
internal sealed record RunResult(int Process, ProcessEnd End, TimeSpan Wall, ResourceUsage Usage, long? PeakResident)
{
    /// <summary>Runs a program as a child that notices nothing of its parent.</summary>
    /// <param name="call">The program.</param>
    /// <param name="environment">Its environment.</param>
    /// <param name="afterEnd">What to do while signals still cannot end this process.</param>
    internal static RunResult Supervise(ProgramCall call, EnvironmentBlock environment, Action<int> afterEnd)
    {
        using SignalForwarder forwarder = new();
        using ProcessSpawner spawner = new();

        long start = Stopwatch.GetTimestamp();
        ChildProcess child = spawner.Start(call, environment);
        forwarder.SetChild(child);

        // The kernel starts the child's peak at this process's own, so a smaller one cannot be known.
        long ownPeak = ProcFile.ReadKiB("/proc/self/status", "VmHWM") ?? long.MaxValue;
        ProcessEnd end = child.Wait(out ResourceUsage usage);
        TimeSpan wall = Stopwatch.GetElapsedTime(start);
        afterEnd(child.Id);
        long peak = usage.PeakResident;
        return new RunResult(child.Id, end, wall, usage, peak > ownPeak ? peak : null);
    }
}
