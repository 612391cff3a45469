using System;
using System.Diagnostics.Tracing;
using System.IO;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.Diagnostics.NETCore.Client;
using Quarry.Cli.Profiles.Names;

namespace Quarry.Cli.Profiles.Recording;

/// <summary>Asks a .NET process for the names of its methods, by its diagnostics socket.</summary>
internal static class Rundown
{
    private const int BufferMebibytes = 64;

    // A process that is stopped, by a debugger for example, does not answer.
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(20);

    /// <summary>Adds the methods that a process has at this moment. Nothing is written to disk.</summary>
    /// <returns>Whether the process answered; others than .NET processes do not.</returns>
    internal static bool TryRead(int processId, RuntimeEvents events)
    {
        using MemoryStream copy = new();
        if (!TryCopy(processId, copy, CancellationToken.None))
        {
            return false;
        }

        copy.Position = 0;
        events.Read(copy);
        return true;
    }

    /// <summary>Copies the rundown of a process.</summary>
    /// <returns>Whether it is complete.</returns>
    internal static bool TryCopy(int processId, Stream copy, CancellationToken cancellation)
    {
        try
        {
            // A session that is stopped at once consists of the rundown. The answer to the request to stop
            // comes after the rundown.
            using EventPipeSession session = new DiagnosticsClient(processId).StartEventPipeSession(
                [
                    new EventPipeProvider(
                        RuntimeEvents.Provider, EventLevel.Critical, RuntimeEvents.NoKeywords),
                ],
                requestRundown: true, BufferMebibytes);
            Task reading = Task.Run(() => session.EventStream.CopyTo(copy), CancellationToken.None);
            Task stopping = Task.Run(session.Stop, CancellationToken.None);
            return Task.WaitAll([reading, stopping], (int)s_limit.TotalMilliseconds, cancellation);
        }
        catch (Exception e) when (IsUnanswered(e))
        {
            return false;
        }
    }

    /// <summary>Whether the process has ended, is no .NET process, or has switched diagnostics off.</summary>
    internal static bool IsUnanswered(Exception e) => e is DiagnosticsClientException or IOException
        or TimeoutException or AggregateException or UnauthorizedAccessException
        or OperationCanceledException;
}
