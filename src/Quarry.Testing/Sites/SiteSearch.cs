using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Diagnostics.Tracing;
using System.Threading.Tasks;
using Microsoft.Diagnostics.NETCore.Client;

namespace Quarry.Testing;

/// <summary>
/// Finds out where an action allocates, by running it again while the runtime samples allocations.
/// </summary>
/// <remarks>
/// The runtime samples about one object in 100 KiB, so the action is run until some hundreds are seen, or for
/// two seconds. Only failed assertions pay for this.
/// </remarks>
internal sealed class SiteSearch
{
    private const long EnoughBytes = 24 << 20;

    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(2);

    private readonly Guid _activity = Guid.NewGuid();
    private readonly long _bytesPerRun;
    private readonly long _start = Stopwatch.GetTimestamp();
    private int _runs;

    private SiteSearch(long bytesPerRun) => _bytesPerRun = bytesPerRun;

    /// <summary>No search: the action can be run only once.</summary>
    internal static SiteSearch NotRepeatable { get; } =
        new(0) { Note = "sites unknown: the action is not to be repeated" };

    /// <summary>What was found, by descending bytes.</summary>
    internal IReadOnlyList<AllocationSite> Sites { get; private set; } = [];

    /// <summary>How it was found, or why it was not.</summary>
    internal string Note { get; private set; } = "";

    private bool NeedsMore =>
        _runs * _bytesPerRun < EnoughBytes && Stopwatch.GetElapsedTime(_start) < s_limit;

    /// <summary>Searches for the sites of an action that takes so many bytes on this thread each time.</summary>
    internal static SiteSearch Of(Action action, long bytesPerRun, int? processId = null)
    {
        var search = new SiteSearch(bytesPerRun);
        if (bytesPerRun == 0)
        {
            return search;
        }

        try
        {
            using var session = new EventSession(processId ?? Environment.ProcessId);
            EventSource.SetCurrentThreadActivityId(search._activity, out Guid previous);
            try
            {
                for (; search.NeedsMore; search._runs++)
                {
                    _ = ManagedCounter.Measure(action);
                }
            }
            finally
            {
                EventSource.SetCurrentThreadActivityId(previous);
            }

            search.Read(session);
        }
        catch (Exception exception)
        {
            search.Fail(exception);
        }

        return search;
    }

    /// <summary>Searches for the sites of an action on whatever threads it runs.</summary>
    internal static async Task<SiteSearch> OfAsync(Func<Task> action, long bytesPerRun)
    {
        var search = new SiteSearch(bytesPerRun);
        try
        {
            using var session = new EventSession(Environment.ProcessId);
            for (; search.NeedsMore; search._runs++)
            {
                _ = await AllocationFlow.Measure(action, search._activity).ConfigureAwait(false);
            }

            search.Read(session);
        }
        catch (Exception exception)
        {
            search.Fail(exception);
        }

        return search;
    }

    private void Read(EventSession session)
    {
        session.Stop();
        Sites = SampledSites.Read(session.File, _activity, _bytesPerRun, out int samples);
        Note = $"{samples} objects sampled in {_runs} further runs";
    }

    /// <summary>The assertion has failed already; that its sites are unknown must not hide how.</summary>
    private void Fail(Exception exception) => Note = exception is ServerNotAvailableException
        ? "sites unknown: this process has no diagnostics port; is DOTNET_EnableDiagnostics=0 set?"
        : $"sites unknown: {exception.GetType().Name}: {exception.Message}";
}
