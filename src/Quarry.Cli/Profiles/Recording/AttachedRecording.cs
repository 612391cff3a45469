using System;
using System.Threading;
using Quarry.Cli.Profiles.Names;
using Quarry.Profiles;
using Quarry.Tools;
using Quarry.Tools.Output;

namespace Quarry.Cli.Profiles.Recording;

/// <summary>Records a running process for a while, and leaves it as it was found.</summary>
internal sealed class AttachedRecording(TargetProcess process, RecordingOptions options) : IDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(1);

    // Ten missed renewals: a machine under load delays some.
    private static readonly TimeSpan s_lease = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan s_renewal = TimeSpan.FromSeconds(1);

    private readonly ProfileController _controller = Open(process);

    /// <summary>Gets the methods and sampled objects of the process, if it is a .NET process.</summary>
    internal RuntimeEvents Events { get; private set; } = new();

    /// <summary>Gets a path of the profile file that is valid after the process has deleted it.</summary>
    internal string Profile => _controller.DescriptorPath;

    /// <summary>Records until the time is over, the process ends, or the user interrupts.</summary>
    /// <param name="duration">The time; null for no limit.</param>
    /// <param name="interruption">Is canceled by the user's interrupt.</param>
    internal void Record(TimeSpan? duration, CancellationToken interruption)
    {
        // The names of code that is freed meanwhile. What does not answer is no .NET process.
        using ObjectSampling? sampling = Rundown.TryRead(process.Id, Events)
            ? ObjectSampling.TryStart(process.Id, Events)
            : null;
        _controller.BeginLease(s_lease);
        RecordingCommand start = options.IsExact ? RecordingCommand.RecordAll : RecordingCommand.Sample;
        if (!Send(start, options.Interval ?? 0))
        {
            Terminal.Error.Writer.WriteLine(
                $"quarry: process {process.Id} has not allocated since; recording begins when it does");
        }

        Wait(sampling, duration, interruption);
        if (process.IsRunning)
        {
            _ = Send(RecordingCommand.Update, 0);
            _ = _controller.EndLease(s_patience);
        }
    }

    public void Dispose() => _controller.Dispose();

    private bool Send(RecordingCommand command, long argument) =>
        _controller.Send(command, argument, s_patience, CancellationToken.None);

    private void Wait(ObjectSampling? sampling, TimeSpan? duration, CancellationToken interruption)
    {
        using RundownFolder folder = new();
        using (sampling is null ? null : new PeriodicRundowns(folder, process.Id, withChildren: false))
        {
            Wait(duration, interruption);
        }

        if (sampling?.Stop() == false)
        {
            // Still read by another thread.
            Events = new RuntimeEvents();
        }

        folder.ReadLatest(process.Id, Events);
    }

    private void Wait(TimeSpan? duration, CancellationToken interruption)
    {
        TimeSpan step = TimeSpan.FromMilliseconds(100);
        long end = duration is { } time
            ? Environment.TickCount64 + (long)time.TotalMilliseconds
            : long.MaxValue;
        long renewal = 0;
        while (Environment.TickCount64 < end && process.IsRunning && !interruption.WaitHandle.WaitOne(step))
        {
            if (Environment.TickCount64 >= renewal)
            {
                _controller.RenewLease();
                Update();
                renewal = Environment.TickCount64 + (long)s_renewal.TotalMilliseconds;
            }
        }
    }

    /// <summary>Adds a point to the time series, with the resident memory of the process.</summary>
    private void Update()
    {
        // A command that waits would be replaced.
        if (!_controller.HasPendingCommand)
        {
            _ = _controller.Send(RecordingCommand.Update, 0, TimeSpan.Zero, CancellationToken.None);
        }
    }

    private static ProfileController Open(TargetProcess process)
    {
        try
        {
            return ProfileController.Open(process.ProfileFile);
        }
        catch (ProfileFormatException e)
        {
            throw new QuarryException($"{process.ProfileFile}: {e.Message}");
        }
        catch (UnauthorizedAccessException)
        {
            throw new QuarryException($"no permission to control process {process.Id}: " +
                "run this command as its user, or as root");
        }
    }
}
