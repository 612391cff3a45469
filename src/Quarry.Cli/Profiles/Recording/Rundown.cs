using System;
using System.Diagnostics.Tracing;
using System.IO;
using System.Threading.Tasks;
using Microsoft.Diagnostics.NETCore.Client;
using Quarry.Cli.Profiles.Names;

namespace Quarry.Cli.Profiles.Recording;

/// <summary>Asks a .NET process for the names of its methods, by its diagnostics socket.</summary>
internal static class Rundown
{
    private const string Provider = "Microsoft-Windows-DotNETRuntime";
    private const long Loader = 0x8;
    private const int BufferMebibytes = 64;

    // A process that is stopped, by a debugger for example, does not answer.
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(20);

    /// <summary>Adds the methods that a process has at this moment. Nothing is written to disk.</summary>
    /// <returns>Whether the process answered; others than .NET processes do not.</returns>
    internal static bool TryRead(int processId, RuntimeEvents events)
    {
        try
        {
            // A session that is stopped at once consists of the rundown.
            using EventPipeSession session = new DiagnosticsClient(processId).StartEventPipeSession(
                [new EventPipeProvider(Provider, EventLevel.Critical, Loader)],
                requestRundown: true, BufferMebibytes);
            using MemoryStream copy = new();
            Task reading = Task.Run(() => session.EventStream.CopyTo(copy));
            Task stopping = Task.Run(session.Stop);
            if (!Task.WaitAll([reading, stopping], s_limit))
            {
                return false;
            }

            copy.Position = 0;
            events.Read(copy);
            return true;
        }
        catch (Exception e) when (e is DiagnosticsClientException or IOException or TimeoutException
            or AggregateException or UnauthorizedAccessException)
        {
            // It has ended, or has switched diagnostics off.
            return false;
        }
    }
}
