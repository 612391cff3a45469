using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text;
using System.Text.Json;
using Quarry.Cli.Profiles.Model;
using Xunit;

namespace Quarry.Cli.Tests.Profiles;

/// <summary>The managed heap of a .NET program, and its names, in the profile of its native heap.</summary>
public sealed class ManagedTests : IDisposable
{
    private const string Prefix = "Quarry.Objects.";

    // One in 150,000 runs lies outside.
    private const double StandardErrors = 4.5;

    private static readonly string s_program = Repository.Built("Objects", "Objects.dll");

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Known_allocations_lie_within_the_standard_errors()
    {
        Outcome result = Tool.Run("profile", "--output", _folder.File("p"), "--", "dotnet", s_program);

        Assert.Equal(0, result.ExitCode);
        Assert.Matches(@"managed objects +\d.* ± .*sampled every 100 KiB", result.Errors);
        Assert.Contains("objects of Quarry.Objects.Node", result.Errors, StringComparison.Ordinal);
        ManagedAllocations managed = Profile.Load(Only("p.*.qprof")).Managed!;
        AssertAllocated(managed, Prefix + "Node", "Nodes", 1_000_000, 40);
        AssertAllocated(managed, "System.String", "Strings", 200_000, 224);
        AssertAllocated(managed, "System.Byte[]", "Arrays", 500, 200_024);
        Assert.InRange(managed.HeapBytes, 1, 100 << 20);
    }

    [Fact]
    public void Reports_show_the_managed_allocations()
    {
        _ = Tool.Run("profile", "--output", _folder.File("p"), "--", "dotnet", s_program);
        string json = Tool.Run("report", Only("p.*.qprof"), "--format", "json", "--output", "-").Output;
        using JsonDocument document = JsonDocument.Parse(json);
        JsonElement managed = document.RootElement.GetProperty("managed");
        double bytes = managed.GetProperty("bytes").GetDouble();
        Assert.InRange(managed.GetProperty("bytes_error").GetDouble(), bytes / 1000, bytes / 10);
        Assert.Contains(managed.GetProperty("sites").EnumerateArray(),
            site => site.GetProperty("type").GetString() == Prefix + "Node");

        string page = Tool.Run("report", Only("p.*.qprof"), "--format", "html", "--output", "-").Output;
        Assert.Contains("\"label\":\"Managed allocations\"", page, StringComparison.Ordinal);
        Assert.Contains(Prefix + "Program.Nodes", page, StringComparison.Ordinal);
    }

    [Fact]
    public void A_method_that_was_replaced_on_the_stack_is_one_frame()
    {
        _ = Tool.Run("profile", "--exact", "--output", _folder.File("p"), "--", "dotnet", s_program);
        Profile profile = Profile.Load(Only("p.*.qprof"));
        NamesRecord names = NamesRecord.Parse(profile.File.Names, null);
        SymbolizedSite site = Assert.Single(profile.Sites, s =>
            s.Frames[0].Function == "System.Runtime.InteropServices.NativeMemory.Alloc" &&
            s.Frames.Any(f => f.Function == Prefix + "Program.Leak"));
        FrameKind[] recorded =
        [
            .. site.Figures.Stack.ReturnAddresses.SelectMany(a => names.Resolve(a - 1, default))
                .Where(f => f.Function == Prefix + "Program.Replaced").Select(f => f.Kind),
        ];
        Assert.Equal([FrameKind.Replacement, FrameKind.Managed], recorded);
        Frame frame = Assert.Single(site.Frames, f => f.Function == Prefix + "Program.Replaced");
        Assert.Equal(FrameKind.Managed, frame.Kind);
    }

    [Fact]
    public void A_killed_program_leaves_names_and_managed_allocations()
    {
        using BackgroundRun tool = Start("profile", "--exact", "--output", _folder.File("k"), "--");
        Assert.Equal("ready", tool.ReadLine());

        // The program loops; a rundown that began before it did so lacks the methods of the loop.
        byte[] method = Encoding.Unicode.GetBytes("Leak");
        Eventually.True(() => Latest().Any(f => File.ReadAllBytes(f).AsSpan().IndexOf(method) >= 0));
        string id = Path.GetFileName(Only("k.*.qprof")).Split('.')[1];
        using (Process program = Process.GetProcessById(int.Parse(id, CultureInfo.InvariantCulture)))
        {
            program.Kill();
        }

        Assert.Equal(128 + 9, tool.Wait().ExitCode);
        Profile profile = Profile.Load(Only("k.*.qprof"));
        Frame leak = profile.Sites.SelectMany(s => s.Frames)
            .First(f => f.Function == Prefix + "Program.Leak");
        Assert.Equal("Program.cs", Path.GetFileName(leak.File));
        Assert.Contains(profile.Managed!.Sites, site => site.Type == Prefix + "Node" &&
            site.Frames[0].Function == Prefix + "Program.Nodes");
        Assert.Empty(Directory.GetDirectories(_folder.FullName, "quarry-names-*"));
    }

    [Fact]
    public void Attaching_samples_managed_allocations()
    {
        using BackgroundRun program = Start("run", "--");
        Assert.Equal("ready", program.ReadLine());
        Outcome result = Tool.RunWith(
            new Dictionary<string, string> { ["TMPDIR"] = _folder.FullName }, "",
            "profile", "--attach", program.IdText, "--for", "3s",
            "--output", _folder.File("a"));
        _ = program.End();

        Assert.Equal(0, result.ExitCode);
        ManagedAllocations managed = Profile.Load(Only("a.*.qprof")).Managed!;
        Assert.Contains(managed.Sites, site => site.Type == Prefix + "Node" &&
            site.Frames[0] is { Function: Prefix + "Program.Nodes", Line: > 0 });
    }

    private static void AssertAllocated(
        ManagedAllocations managed, string type, string method, long objects, long size)
    {
        ManagedAllocations sites = managed with
        {
            Sites =
            [
                .. managed.Sites.Where(site => site.Type == type &&
                    site.Frames.Any(f => f.Function == $"{Prefix}Program.{method}" && f.Line > 0)),
            ],
        };
        double error = StandardErrors * sites.Error;
        Assert.InRange(sites.Bytes, (objects * size) - error, (objects * size) + error);
        Assert.InRange(sites.Sites.Sum(s => s.Objects), objects - (error / size), objects + (error / size));

        // The formula at the true size: the error that is stated must be that of the sampling.
        double probability = 1 - double.Exp(size * double.Log(1 - (1.0 / managed.Interval)));
        double expected = double.Sqrt(objects * (1 - probability) / probability) * size;
        Assert.InRange(sites.Error, expected / 1.5, expected * 1.5);
    }

    private BackgroundRun Start(params string[] words)
    {
        Run run = new Run(Tool.Path, [.. words, "dotnet", s_program, "--wait"])
            .With("TMPDIR", _folder.FullName);
        return words[0] == "run"
            ? run.With("QUARRY_PROFILE", _folder.File("own")).With("QUARRY_CONF", "profile:off").Begin()
            : run.Begin();
    }

    private string[] Latest() =>
        Directory.GetFiles(_folder.FullName, "*.latest.nettrace", SearchOption.AllDirectories);

    private string Only(string pattern) => Assert.Single(Directory.GetFiles(_folder.FullName, pattern));
}
