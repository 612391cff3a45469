using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Net;
using System.Net.Http;
using System.Threading;
using Quarry.Cli.Profiles.Live;
using Quarry.Tools;
using Quarry.Tools.Output;

namespace Quarry.Cli.Profiles.Pushing;

/// <summary>Pushes profiles of running processes to Pyroscope.</summary>
/// <param name="server">The address of the server; user and password in it are sent as such.</param>
/// <param name="name">The name of the application; null for that of each program.</param>
/// <param name="interval">The time between two pushes.</param>
internal sealed class PyroscopePush(Uri server, string? name, TimeSpan interval) : IDisposable
{
    private static readonly TimeSpan s_firstRetry = TimeSpan.FromSeconds(1);

    private readonly HttpClient _client = new() { Timeout = TimeSpan.FromSeconds(30) };
    private readonly Dictionary<int, PushedProcess> _pushed = [];
    private string? _failure;

    /// <summary>The address without user and password.</summary>
    internal string Address { get; } = server.GetComponents(
        UriComponents.AbsoluteUri & ~UriComponents.UserInfo, UriFormat.UriEscaped);

    /// <summary>Parses an address; null if it is none of HTTP.</summary>
    internal static Uri? ParseAddress(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out Uri? address) && address.Scheme is "http" or "https"
            ? address
            : null;

    /// <summary>Pushes until the processes have ended, or the user interrupts.</summary>
    /// <exception cref="QuarryException">The server refuses the profiles.</exception>
    internal void Run(WatchedProcesses processes, CancellationToken interruption)
    {
        TimeSpan retry = s_firstRetry;
        while (true)
        {
            IReadOnlyList<ProfileTaker> running = processes.Running();
            if (running.Count == 0 && !processes.AreAll)
            {
                return;
            }

            bool isAccepted = Push(running, interruption);
            retry = isAccepted ? s_firstRetry : TimeSpan.FromTicks(Math.Min(interval.Ticks, retry.Ticks * 2));
            if (interruption.WaitHandle.WaitOne(isAccepted ? interval : retry))
            {
                // What has happened since the last push; another failure changes nothing.
                _ = Push(processes.Running(), CancellationToken.None);
                return;
            }
        }
    }

    public void Dispose() => _client.Dispose();

    private bool Push(IReadOnlyList<ProfileTaker> running, CancellationToken interruption)
    {
        foreach (int ended in _pushed.Keys.Except(running.Select(taker => taker.Process.Id)).ToArray())
        {
            _pushed.Remove(ended);
        }

        bool isAccepted = true;
        foreach (ProfileTaker taker in running)
        {
            try
            {
                PushedProcess process = Pushed(taker);
                using HttpRequestMessage request = process.Next(server);
                if (Send(request, taker.Process.Id, interruption))
                {
                    process.Accepted();
                }
                else
                {
                    isAccepted = false;
                }
            }
            catch (Exception e) when (IsOfEnd(e) && !taker.Process.IsRunning)
            {
                // It has ended meanwhile.
            }
        }

        return isAccepted;
    }

    private PushedProcess Pushed(ProfileTaker taker)
    {
        if (!_pushed.TryGetValue(taker.Process.Id, out PushedProcess? process) || process.Taker != taker)
        {
            string application = PyroscopeRequest.WithLabels(
                name ?? PyroscopeRequest.Plain(taker.Name), Environment.MachineName, taker.Process.Id);
            process = new PushedProcess(taker, application);
            _pushed[taker.Process.Id] = process;
        }

        return process;
    }

    /// <summary>Sends a request; the caller repeats it if the result is false.</summary>
    private bool Send(HttpRequestMessage request, int id, CancellationToken interruption)
    {
        string failure;
        try
        {
            using HttpResponseMessage response = _client.Send(request, interruption);
            if (response.IsSuccessStatusCode)
            {
                _failure = null;
                return true;
            }

            string status = $"{(int)response.StatusCode} {response.ReasonPhrase}".TrimEnd();
            if (IsRefusal(response.StatusCode))
            {
                throw new QuarryException(
                    $"{Address} refused the profile of process {id}: {status}{Explanation(response)}");
            }

            failure = status;
        }
        catch (HttpRequestException e)
        {
            failure = e.InnerException?.Message ?? e.Message;
        }
        catch (OperationCanceledException)
        {
            failure = interruption.IsCancellationRequested ? "interrupted" : "no answer in time";
        }

        Report(failure, interruption);
        return false;
    }

    /// <summary>Reports each failure once, as long as it lasts.</summary>
    private void Report(string failure, CancellationToken interruption)
    {
        if (failure != _failure && !interruption.IsCancellationRequested)
        {
            Terminal.Error.Writer.WriteLine($"quarry: cannot push to {Address}: {failure}; trying again");
            _failure = failure;
        }
    }

    private static bool IsOfEnd(Exception e) =>
        e is IOException or UnauthorizedAccessException or QuarryException;

    // The same request would fail again, unless the server is busy.
    private static bool IsRefusal(HttpStatusCode status) => (int)status < 500 &&
        status is not (HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests);

    private static string Explanation(HttpResponseMessage response)
    {
        const int Longest = 300;
        string text = response.Content.ReadAsStringAsync().GetAwaiter().GetResult().Trim();
        string line = text.Split('\n')[0].Trim();
        return line.Length == 0 ? "" : ": " + line[..Math.Min(line.Length, Longest)];
    }
}
