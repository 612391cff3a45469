using System;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text.Json;
using System.Threading;
using Quarry.Cli.Profiles.Model;
using Quarry.Profiles;
using Xunit;

namespace Quarry.Cli.Tests.Profiles;

/// <summary>Attaching to a running .NET program that waits for a command, and looking at it.</summary>
public sealed class AttachTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly BackgroundRun _run;

    public AttachTests()
    {
        _run = new Run(Tool.Path, "run", "--", "dotnet", ProfileCommandTests.Allocating, "--wait")
            .With("QUARRY_PROFILE", _folder.File("own")).With("QUARRY_CONF", "profile:off").Begin();
        SpinWait.SpinUntil(() => Directory.GetFiles(_folder.FullName, "own.*").Length > 0, 20_000);
        Thread.Sleep(1000);
    }

    private string Id => _run.IdText;

    public void Dispose()
    {
        _run.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void Attaching_records_for_a_while_and_leaves_the_process_as_it_was()
    {
        Outcome result = Tool.Run(
            "profile", "--attach", Id, "--exact", "--for", "1s", "--output", _folder.File("attached"));

        Assert.Equal(0, result.ExitCode);
        string file = Assert.Single(Directory.GetFiles(_folder.FullName, "attached.*.qprof"));
        Assert.Contains(file, result.Errors, StringComparison.Ordinal);
        Profile profile = Profile.Load(file);
        Frame[] frames = [.. profile.Sites.SelectMany(s => s.Frames)];
        Assert.Contains(frames, f => f.Function == "Quarry.Allocating.Program.Sorted (lambda)" && f.Line > 0);
        Assert.Equal(RecordingMode.Off, ProfileFile.Open(Own()).Mode);
        Assert.False(_run.HasEnded);
        Assert.Equal(
            Path.GetFileName(Own()),
            Path.GetFileName(Assert.Single(Directory.GetFiles(_folder.FullName, "own.*"))));
    }

    [Fact]
    public void Two_programs_do_not_control_one_process()
    {
        using ProfileController controller = ProfileController.Open(Own());
        string line = Tool.Run("profile", "--attach", Id, "--for", "1s").RefusalLine(2);
        Assert.Contains("Another program", line, StringComparison.Ordinal);
    }

    [Fact]
    public void A_deleted_file_is_reported()
    {
        File.Delete(Own());
        string line = Tool.Run("profile", "--attach", Id).RefusalLine(2);
        Assert.Contains("deleted", line, StringComparison.Ordinal);
    }

    [Fact]
    public void A_process_on_another_allocator_is_refused_with_advice()
    {
        string id = Environment.ProcessId.ToString(CultureInfo.InvariantCulture);
        string line = Tool.Run("profile", "--attach", id).RefusalLine(2);
        Assert.Contains("does not run on libquarry.so", line, StringComparison.Ordinal);
        Assert.Contains("QUARRY_PROFILE", line, StringComparison.Ordinal);
    }

    [Fact]
    public void Stats_shows_figures_and_sites_of_a_recorded_process()
    {
        using (ProfileController controller = ProfileController.Open(Own()))
        {
            TimeSpan limit = TimeSpan.FromSeconds(5);
            Assert.True(controller.Send(
                RecordingCommand.RecordAll, 0, limit, TestContext.Current.CancellationToken));
        }

        Thread.Sleep(500);
        Outcome result = Tool.Run("stats", Id, "--once", "--json");
        Assert.Equal(0, result.ExitCode);
        using JsonDocument json = JsonDocument.Parse(Assert.Single(result.Output.Trim().Split('\n')));
        JsonElement root = json.RootElement;
        Assert.Equal(_run.Id, root.GetProperty("pid").GetInt32());
        Assert.Equal("exact", root.GetProperty("mode").GetString());
        Assert.True(root.GetProperty("in_use_bytes").GetInt64() > 1 << 20);
        Assert.Contains("Quarry.Allocating.Leaf.Allocate", root.GetProperty("sites")[0].GetProperty("frames")
            .EnumerateArray().Select(f => f.GetString()));

        string page = Tool.Run("stats", Id, "--once").Output;
        Assert.Contains("in use", page, StringComparison.Ordinal);
        Assert.Contains("Leaf.Allocate", page, StringComparison.Ordinal);
    }

    private string Own() => Directory.GetFiles(_folder.FullName, "own.*").Order().Last();
}
