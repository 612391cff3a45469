using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Quarry.Cli.Http;
using Quarry.Cli.Profiles.Formats;
using Quarry.Cli.Profiles.Live;
using Quarry.Cli.Profiles.Model;
using Quarry.Tools;

namespace Quarry.Cli.Profiles.Serving;

/// <summary>Answers the requests that Go's net/http/pprof answers for heap profiles.</summary>
internal sealed class PprofService(WatchedProcesses processes)
{
    internal const string Root = "/debug/pprof/";

    private const int MaxSeconds = 3600;

    internal async Task<HttpResponse> AnswerAsync(HttpRequest request, CancellationToken stop)
    {
        try
        {
            return request.Path switch
            {
                "/" or "/debug/pprof" or Root => IndexPage.Create(processes.Running()),
                "/targets" => TargetList.Create(processes.Running(), request.Host),
                Root + "heap" => await ProfileAsync(request, "heap", stop).ConfigureAwait(false),
                Root + "allocs" => await ProfileAsync(request, "allocs", stop).ConfigureAwait(false),
                _ => Failure(HttpResponse.NotFound, $"no page '{request.Path}': see {Root}"),
            };
        }
        catch (QuarryException e)
        {
            return Failure(HttpResponse.BadRequest, e.Message);
        }
    }

    private async Task<HttpResponse> ProfileAsync(
        HttpRequest request, string name, CancellationToken stop)
    {
        int seconds = Number(request, "seconds", MaxSeconds);
        bool isText = Number(request, "debug", int.MaxValue) > 0;
        if (isText && seconds > 0)
        {
            throw new QuarryException("'seconds' and 'debug' exclude each other");
        }

        ProfileTaker taker = Find(Number(request, "pid", int.MaxValue));
        Profile profile = taker.Take();
        if (isText)
        {
            return HttpResponse.Text(HttpResponse.Ok, "") with
            {
                Body = Write(output => GoHeapText.Write(profile, output)),
            };
        }

        // The first site of a file is for what finds no room.
        IReadOnlyList<SymbolizedSite> sites = [.. profile.Sites.Where(site => site.Figures.Blocks > 0)];
        if (seconds > 0)
        {
            await Task.Delay(TimeSpan.FromSeconds(seconds), stop).ConfigureAwait(false);
            Profile before = profile;
            profile = taker.Take();
            sites = ProfileDelta.Growth(before, profile);
        }

        string defaultType = name == "heap" ? PprofContents.InUse : PprofContents.Allocated;
        PprofContents contents =
            PprofContents.OfMoment(sites, defaultType, TimeSpan.FromSeconds(seconds));
        string file = seconds > 0 ? name + "-delta" : name;
        return new HttpResponse(
            HttpResponse.Ok,
            "application/octet-stream",
            Write(output => PprofFormat.Write(profile, contents, output)))
        {
            Headers = [("Content-Disposition", $"attachment; filename=\"{file}\"")],
        };
    }

    private ProfileTaker Find(int id)
    {
        IReadOnlyList<ProfileTaker> running = processes.Running();
        if (id > 0)
        {
            return running.FirstOrDefault(taker => taker.Process.Id == id) ??
                throw new QuarryException($"process {id} is not served: see {Root}");
        }

        string ids = string.Join(", ", running.Select(taker => taker.Process.Id));
        return running.Count switch
        {
            1 => running[0],
            0 => throw new QuarryException("no process on libquarry.so with a profile file is running"),
            _ => throw new QuarryException($"several processes are served: add ?pid=PID, one of {ids}"),
        };
    }

    private static int Number(HttpRequest request, string name, int most) =>
        !request.Query.TryGetValue(name, out string? text) ? 0
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int value) && value <= most
            ? value
            : throw new QuarryException($"'{name}' needs a whole number up to {most}, not '{text}'");

    private static byte[] Write(Action<Stream> write)
    {
        using MemoryStream body = new();
        write(body);
        return body.ToArray();
    }

    // By this header, go tool pprof knows that the text is a message for its user.
    private static HttpResponse Failure(int status, string message) =>
        HttpResponse.Text(status, message) with { Headers = [("X-Go-Pprof", "1")] };
}
