using System;
using System.Diagnostics.Tracing;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.Diagnostics.NETCore.Client;
using Quarry.Cli.Profiles.Names;

namespace Quarry.Cli.Profiles.Recording;

/// <summary>Samples the objects that a running .NET process allocates, by its diagnostics socket.</summary>
internal sealed class ObjectSampling : IDisposable
{
    private const int BufferMebibytes = 64;

    // A process that is stopped, by a debugger for example, does not answer.
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(20);

    private readonly EventPipeSession _session;
    private readonly Task _reading;

    private ObjectSampling(EventPipeSession session, RuntimeEvents events)
    {
        _session = session;
        _reading = Task.Run(() => events.Read(session.EventStream), CancellationToken.None);
    }

    /// <summary>Starts sampling; null if the process does not answer.</summary>
    /// <param name="processId">The process.</param>
    /// <param name="events">Gets the events, from another thread, until sampling is stopped.</param>
    internal static ObjectSampling? TryStart(int processId, RuntimeEvents events)
    {
        try
        {
            EventPipeProvider runtime = new(
                RuntimeEvents.Provider, EventLevel.Informational, RuntimeEvents.Keywords);
            EventPipeSession session = new DiagnosticsClient(processId)
                .StartEventPipeSession([runtime], requestRundown: true, BufferMebibytes);
            return new ObjectSampling(session, events);
        }
        catch (Exception e) when (Rundown.IsUnanswered(e))
        {
            return null;
        }
    }

    /// <summary>Stops sampling; the rundown that follows is read too.</summary>
    /// <returns>Whether all events were read, so that they can be used.</returns>
    internal bool Stop()
    {
        Task stopping = Task.Run(_session.Stop, CancellationToken.None);
        try
        {
            _ = Task.WaitAll([_reading, stopping], s_limit);
        }
        catch (AggregateException)
        {
            // The process has ended; its stream as well then.
        }

        return _reading.Wait(s_limit);
    }

    public void Dispose() => _session.Dispose();
}
