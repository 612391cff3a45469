using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Net;
using System.Net.Http;
using System.Text.Json;
using System.Text.RegularExpressions;
using System.Threading.Tasks;
using Xunit;

namespace Quarry.Cli.Tests.Profiles;

/// <summary>Profiles over HTTP, of running C programs.</summary>
public sealed partial class ServeTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly HttpClient _client = new();
    private readonly string _program;
    private readonly AllocatingProgram _process;

    public ServeTests()
    {
        _program = AllocatingProgram.Compile(_folder);
        _process = new AllocatingProgram(_folder, _program);
    }

    public void Dispose()
    {
        _process.Dispose();
        _client.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void Go_pprof_shows_the_sites_of_a_running_program()
    {
        using BackgroundRun server = Serve(_process.Id);
        _process.Step();
        string heap = Pprof(Url(server) + "heap");
        Assert.Contains("Type: inuse_space", heap, StringComparison.Ordinal);
        Assert.Matches(@"\b1000kB .* keeps\b", heap);
        Assert.Matches(@"\b200kB .* grows\b", heap);

        string allocs = Pprof(Url(server) + "allocs");
        Assert.Contains("Type: alloc_space", allocs, StringComparison.Ordinal);
        Assert.Matches(@"\b1000 .* keeps\b", Pprof(Url(server) + "heap", "-sample_index=inuse_objects"));
    }

    [Fact]
    public async Task A_difference_has_only_what_happened_meanwhile()
    {
        using BackgroundRun server = Serve(_process.Id);
        Task<byte[]> difference = _client.GetByteArrayAsync(
            Url(server) + "heap?seconds=2", TestContext.Current.CancellationToken);
        while (!difference.IsCompleted)
        {
            _process.Step();
            await Task.Delay(50, TestContext.Current.CancellationToken);
        }

        string file = _folder.File("difference.pb.gz");
        await File.WriteAllBytesAsync(file, await difference, TestContext.Current.CancellationToken);
        string text = Pprof(file);
        Assert.Matches(@"\d[kM]B .* grows\b", text);
        Assert.DoesNotContain("keeps", text, StringComparison.Ordinal);
        Assert.Contains("Duration: 2", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_text_is_for_people_and_for_pprof()
    {
        using BackgroundRun server = Serve(_process.Id);
        string text = await Get(Url(server) + "heap?debug=1");
        Assert.StartsWith("heap profile: ", text, StringComparison.Ordinal);
        Assert.Matches(@"1000: 1024000 \[1000: 1024000\] @ 0x", text);
        Assert.Matches(@"#\t0x[0-9a-f]+\tkeeps\t", text);
        string file = _folder.File("heap.txt");
        await File.WriteAllTextAsync(file, text, TestContext.Current.CancellationToken);
        Assert.Contains("Type: space", Pprof(file), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Several_processes_are_told_apart_by_their_IDs()
    {
        using AllocatingProgram other = new(_folder, _program);
        other.Step();
        using BackgroundRun server = Serve(_process.Id, other.Id);
        using HttpResponseMessage refused =
            await _client.GetAsync(Url(server) + "heap", TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
        string message = await refused.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.Contains("?pid=", message, StringComparison.Ordinal);
        Assert.Contains(other.Id, message, StringComparison.Ordinal);

        string first = await Get($"{Url(server)}heap?debug=1&pid={_process.Id}");
        Assert.DoesNotContain("grows", first, StringComparison.Ordinal);
        string second = await Get($"{Url(server)}heap?debug=1&pid={other.Id}");
        Assert.Contains("grows", second, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_index_and_the_targets_list_all_processes()
    {
        using BackgroundRun server = Serve();
        string index = await Get(Url(server));
        Assert.Contains($"/debug/pprof/heap?pid={_process.Id}", index, StringComparison.Ordinal);

        // Another process that starts later is found as well.
        using AllocatingProgram other = new(_folder, _program);
        Uri root = new(Url(server));
        using JsonDocument json = JsonDocument.Parse(await Get(new Uri(root, "/targets").ToString()));
        Dictionary<string, JsonElement> targets = json.RootElement.EnumerateArray()
            .ToDictionary(target => target.GetProperty("labels").GetProperty("__param_pid").GetString()!);
        JsonElement target = targets[other.Id];
        Assert.Equal(root.Authority, target.GetProperty("targets")[0].GetString());
        Assert.Equal("program", target.GetProperty("labels").GetProperty("service_name").GetString());
        Assert.Contains(_process.Id, targets.Keys);
    }

    [Fact]
    public async Task Wrong_requests_are_refused_with_the_reason()
    {
        using BackgroundRun server = Serve(_process.Id);
        Assert.Contains("/debug/pprof/", await Failure(server, "goroutine", 404), StringComparison.Ordinal);
        Assert.Contains("'x'", await Failure(server, "heap?seconds=x", 400), StringComparison.Ordinal);
        Assert.Contains("not served", await Failure(server, "heap?pid=1", 400), StringComparison.Ordinal);
        string both = await Failure(server, "heap?debug=1&seconds=1", 400);
        Assert.Contains("exclude each other", both, StringComparison.Ordinal);
    }

    [Fact]
    public void A_port_in_use_is_reported()
    {
        using BackgroundRun server = Serve(_process.Id);
        string address = new Uri(Url(server)).Authority;
        string line = Tool.Run("stats", _process.Id, "--serve=" + address).RefusalLine(2);
        Assert.Contains($"{address} is in use", line, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("6060")]
    [InlineData("::1:6060")]
    [InlineData("nowhere:6060")]
    [InlineData("127.0.0.1:70000")]
    public void A_wrong_address_is_refused(string address) => Assert.Contains(
        $"not '{address}'", Tool.Run("stats", "--serve=" + address).RefusalLine(2), StringComparison.Ordinal);

    [Fact]
    public void Serving_ends_with_the_process_or_by_interrupt()
    {
        using BackgroundRun interrupted = Serve(_process.Id);
        interrupted.Interrupt();
        _ = interrupted.Wait().Clean();

        using BackgroundRun server = Serve(_process.Id);
        _process.End();
        _ = server.Wait().Clean();
    }

    private static BackgroundRun Serve(params string[] processes) =>
        Tool.BeginAndWait(["stats", .. processes, "--serve=127.0.0.1:0"]);

    private static string Url(BackgroundRun server) => Address().Match(server.FirstLine).Value;

    private string Pprof(string source, string option = "-top") =>
        ExternalTool.Run(_folder.FullName, "go", "tool", "pprof", option, "-top", source);

    private Task<string> Get(string url) =>
        _client.GetStringAsync(url, TestContext.Current.CancellationToken);

    private async Task<string> Failure(BackgroundRun server, string path, int status)
    {
        using HttpResponseMessage response =
            await _client.GetAsync(Url(server) + path, TestContext.Current.CancellationToken);
        Assert.Equal(status, (int)response.StatusCode);
        return await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
    }

    [GeneratedRegex("http://[^ ]+")]
    private static partial Regex Address();
}
