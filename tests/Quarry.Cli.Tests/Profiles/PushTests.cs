using System;
using System.Collections.Generic;
using System.IO;
using System.Text;
using System.Text.Json;
using Xunit;

namespace Quarry.Cli.Tests.Profiles;

/// <summary>Profiles that are pushed to a server as Pyroscope's endpoint receives them.</summary>
public sealed class PushTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly AllocatingProgram _process;

    public PushTests() => _process = new AllocatingProgram(_folder, AllocatingProgram.Compile(_folder));

    public void Dispose()
    {
        _process.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void Pushed_profiles_are_read_by_pprof()
    {
        using IngestServer server = new();
        using BackgroundRun push = Push(server.Address, "--name", "shop{env=test}");
        Assert.Contains(
            $"program ({_process.Id}) to {server.Address}", push.FirstLine, StringComparison.Ordinal);
        IngestedProfile first = server.Next();
        Assert.Equal("POST /ingest", first.Target);
        Assert.Equal(
            $"shop{{env=test,host={Environment.MachineName},pid={_process.Id}}}", first.Query["name"]);
        Assert.Equal("pprof", first.Query["format"]);
        Assert.InRange(Number(first, "until") - Number(first, "from"), 1, 600);
        Assert.InRange(DateTimeOffset.UtcNow.ToUnixTimeSeconds() - Number(first, "until"), -5, 600);
        using JsonDocument types = JsonDocument.Parse(first.Parts["sample_type_config"]);
        Assert.Equal("bytes", types.RootElement.GetProperty("alloc_space").GetProperty("units").GetString());
        Assert.Matches(@"1000kB .* keeps\b", Pprof("inuse_space", [first]));

        // What was allocated is the difference to the previous profile: together, each block counts once.
        _process.Step();
        push.Interrupt();
        _ = push.Wait().Clean();
        IReadOnlyList<IngestedProfile> rest = server.Rest();
        string allocated = Pprof("alloc_space", rest);
        Assert.Matches(@"\b200kB .* grows\b", allocated);
        Assert.DoesNotContain("keeps", allocated, StringComparison.Ordinal);
        Assert.Matches(@"1000kB .* keeps\b", Pprof("inuse_space", [rest[^1]]));
    }

    [Fact]
    public void A_failure_is_reported_and_the_next_profile_covers_its_time()
    {
        using IngestServer server = new((503, "busy"), (503, "busy"));
        using BackgroundRun push = Push(server.Address);
        string from = server.Next().Query["from"];
        _process.Step();
        Assert.Equal(from, server.Next().Query["from"]);
        IngestedProfile accepted = server.Next();
        Assert.Equal(from, accepted.Query["from"]);
        Assert.StartsWith("program{host=", accepted.Query["name"], StringComparison.Ordinal);
        Assert.Matches(@"\b200kB .* grows\b", Pprof("alloc_space", [accepted]));
        push.Interrupt();
        Outcome outcome = push.Wait().ExpectSuccess();
        Assert.Equal(
            $"quarry: cannot push to {server.Address}/: 503 Service Unavailable; trying again\n",
            outcome.Errors);
    }

    [Fact]
    public void A_refusal_ends_with_the_reason_and_without_the_password()
    {
        using IngestServer server = new((401, "no such user\nat all"));
        using BackgroundRun push = Push(server.Address.Replace("http://", "http://me:secret%21@"));
        IngestedProfile refused = server.Next();
        Assert.Equal(
            "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes("me:secret!")), refused.Authorization);
        Outcome outcome = push.Wait().Expect(2);
        Assert.Equal($"quarry: {server.Address}/ refused the profile of process {_process.Id}: " +
            "401 Unauthorized: no such user\n", outcome.Errors);
        Assert.DoesNotContain("secret", push.FirstLine, StringComparison.Ordinal);
    }

    [Fact]
    public void A_server_that_is_not_there_is_reported()
    {
        string address;
        using (IngestServer server = new())
        {
            address = server.Address;
        }

        using BackgroundRun push = Push(address);
        push.WaitForError("Connection refused; trying again");
        _process.End();
        Assert.Equal(0, push.Wait().ExitCode);
    }

    [Fact]
    public void Wrong_options_are_refused()
    {
        Assert.Contains("not 'localhost:4040'",
            Tool.Run("stats", _process.Id, "--push", "localhost:4040").RefusalLine(2),
            StringComparison.Ordinal);
        Assert.Contains("at least 1s",
            Tool.Run("stats", _process.Id, "--push", "http://a", "--every", "10ms").RefusalLine(2),
            StringComparison.Ordinal);
        Assert.Contains("belong to --push",
            Tool.Run("stats", _process.Id, "--every", "10s").RefusalLine(2), StringComparison.Ordinal);
        Assert.Contains("only one of",
            Tool.Run("stats", _process.Id, "--push", "http://a", "--serve").RefusalLine(2),
            StringComparison.Ordinal);
    }

    private BackgroundRun Push(string address, params string[] options) =>
        Tool.BeginAndWait(["stats", _process.Id, "--push", address, "--every", "1s", .. options]);

    private static long Number(IngestedProfile profile, string name) =>
        long.Parse(profile.Query[name], System.Globalization.CultureInfo.InvariantCulture);

    private string Pprof(string index, IReadOnlyList<IngestedProfile> profiles)
    {
        List<string> files = [];
        foreach (IngestedProfile profile in profiles)
        {
            files.Add(_folder.File($"{Guid.NewGuid():N}.pb.gz"));
            File.WriteAllBytes(files[^1], profile.Parts["profile"]);
        }

        return ExternalTool.Run(
            _folder.FullName, "go", ["tool", "pprof", "-sample_index=" + index, "-top", .. files]);
    }
}
