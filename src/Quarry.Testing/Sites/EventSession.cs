using System;
using System.Diagnostics.Tracing;
using System.IO;
using System.Threading.Tasks;
using Microsoft.Diagnostics.NETCore.Client;

namespace Quarry.Testing;

/// <summary>The runtime's sampling of allocations in a process, written to a temporary file.</summary>
/// <remarks>A process may ask this of itself: the runtime serves its diagnostics port by a thread of its own.</remarks>
internal sealed class EventSession : IDisposable
{
    private const string Runtime = "Microsoft-Windows-DotNETRuntime";
    private const long AllocationSampling = 0x800_0000_0000;
    private const int BufferMebibytes = 64;

    private readonly EventPipeSession _session;
    private readonly Task _copying;

    /// <summary>Begins.</summary>
    /// <exception cref="ServerNotAvailableException">The process has no diagnostics port.</exception>
    internal EventSession(int processId)
    {
        File = Path.Combine(Path.GetTempPath(), $"quarry-{Guid.NewGuid():N}.nettrace");

        // The rundown at the end names the methods that were compiled before.
        var provider = new EventPipeProvider(Runtime, EventLevel.Informational, AllocationSampling);
        var configuration = new EventPipeSessionConfiguration(
            [provider], BufferMebibytes, requestRundown: true, requestStackwalk: true);
        _session = new DiagnosticsClient(processId).StartEventPipeSession(configuration);
        _copying = Task.Run(Copy);
    }

    /// <summary>What was recorded; complete after <see cref="Stop"/>, deleted at the end.</summary>
    internal string File { get; }

    /// <summary>Ends sampling and waits until everything is in the file.</summary>
    internal void Stop()
    {
        _session.Stop();
        _copying.Wait();
    }

    public void Dispose()
    {
        _session.Dispose();
        System.IO.File.Delete(File);
    }

    private void Copy()
    {
        using FileStream file = System.IO.File.Create(File);
        _session.EventStream.CopyTo(file);
    }
}
