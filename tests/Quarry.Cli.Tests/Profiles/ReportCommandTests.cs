using System;
using System.IO;
using System.Text.Json;
using Xunit;

namespace Quarry.Cli.Tests.Profiles;

public sealed class ReportCommandTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private string Profile(ProfileBuilder? builder = null, string name = "app.1234.qprof") =>
        (builder ?? Examples.WithNames()).Write(_folder.File(name));

    private static string Output(params string[] arguments)
    {
        Outcome result = Tool.Run(arguments);
        Assert.Equal("", result.Errors);
        Assert.Equal(0, result.ExitCode);
        return result.Output;
    }

    [Fact]
    public void The_text_has_figures_leaks_and_stacks()
    {
        string text = Output("report", Profile(), "--format", "text");
        Assert.Contains("app --port 80 (1234)", text, StringComparison.Ordinal);
        Assert.Contains("every allocation recorded, 2.00 s, ended", text, StringComparison.Ordinal);
        Assert.Contains("Top 2 of 2 sites by not freed", text, StringComparison.Ordinal);
        Assert.Contains("3.00 KiB (98.0 %) in 3 blocks of 1.00 KiB", text, StringComparison.Ordinal);
        Assert.Contains("      next_token  (app.c:7, inlined)\n      parse  (app.c:99)\n", text,
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_sampled_profile_shows_standard_errors()
    {
        ProfileBuilder builder = new();
        builder.Header.Mode = ProfileMode.Sampled;
        builder.Header.SampleInterval = 512 << 10;
        builder.Site(
            new ProfileSite
            {
                LiveBytes = 50 << 20,
                LiveBlocks = ProfileBuilder.Fixed(1),
                LiveBytesVariance = Math.Pow(5 << 20, 2),
            },
            [Examples.Main]);
        string text = Output("report", Profile(builder), "--format", "text", "--sort", "live");
        Assert.Contains("sampled every 512 KiB", text, StringComparison.Ordinal);
        Assert.Contains("50.0 MiB ± 5.00 MiB (100.0 %)", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Fragmentation_is_shown_from_the_request_to_physical_memory()
    {
        ProfileBuilder builder = Examples.Small().Site(
            new ProfileSite { LiveBytes = 0, LiveUsableBytes = 3136, LiveBlocks = 1024 }, [Examples.Main]);
        builder.Header.Figures.InUseBytes = 1 << 20;
        builder.Header.Figures.InUseBlocks = 100;
        builder.Header.Figures.CommittedBytes = 2 << 20;
        builder.Header.Figures.ResidentBytes = 4 << 20;
        string text = Output("report", Profile(builder), "--format", "text");
        Assert.Matches(@"requested +512 KiB  50\.0 % of the usable size", text);
        Assert.Matches(@"in use +1\.00 MiB  100 blocks, 50\.0 % of the committed", text);
        Assert.Matches(@"committed +2\.00 MiB", text);
        Assert.Matches(@"resident +4\.00 MiB", text);
    }

    [Fact]
    public void Sort_and_top_choose_the_sites()
    {
        string text = Output("report", Profile(), "--format", "text", "--sort", "count", "--top", "1");
        Assert.Contains("Top 1 of 3 sites by allocations", text, StringComparison.Ordinal);
        Assert.Contains("10 blocks (66.7 %)", text, StringComparison.Ordinal);
        Assert.DoesNotContain("Cache", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Collapsed_stacks_begin_at_the_outermost_frame() => Assert.Equal(
        "main;App.Cache.Add(System.String);strdup 3072\nmain;App.Cache.Add(System.String) 64\n",
        Output("report", Profile(), "--format", "collapsed"));

    [Fact]
    public void Json_has_all_parts()
    {
        using JsonDocument json = JsonDocument.Parse(Output("report", Profile(), "--format", "json"));
        JsonElement root = json.RootElement;
        Assert.Equal(1, root.GetProperty("version").GetInt32());
        Assert.Equal(5160, root.GetProperty("totals").GetProperty("bytes").GetInt64());
        JsonElement site = root.GetProperty("sites")[0];
        Assert.Equal(3072, site.GetProperty("live_bytes").GetInt64());
        int frame = site.GetProperty("stack")[1].GetInt32();
        Assert.Equal("App.Cache.Add(System.String)",
            root.GetProperty("frames")[frame].GetProperty("function").GetString());
        Assert.Equal("managed", root.GetProperty("frames")[frame].GetProperty("kind").GetString());
        Assert.Equal("worker", root.GetProperty("threads")[1].GetProperty("name").GetString());
        Assert.Equal(2, root.GetProperty("timeline").GetArrayLength());
    }

    [Fact]
    public void Consecutive_frames_of_the_runtime_are_one_unless_asked_for()
    {
        ProfileBuilder builder = new ProfileBuilder()
            .Module("/usr/share/dotnet/libcoreclr.so", 0x1000, 0x2000)
            .Module("/opt/app", 0x8000, 0x9000)
            .Site(16, 1, 16, 1, 0x1101, 0x1201, 0x8001, 0x1301);
        string path = Profile(builder);
        Assert.Equal("[.NET runtime];app!0x8000;[.NET runtime] 16\n",
            Output("report", path, "--format", "collapsed"));
        Assert.Equal(
            "libcoreclr.so!0x1300;app!0x8000;libcoreclr.so!0x1200;libcoreclr.so!0x1100 16\n",
            Output("report", path, "--format", "collapsed", "--show-runtime"));
    }

    [Fact]
    public void A_file_is_not_replaced_without_force()
    {
        string output = _folder.File("out.txt"), profile = Profile();
        File.WriteAllText(output, "mine");
        string line = Tool.Run("report", profile, "--format", "text", "--output", output).RefusalLine(2);
        Assert.Contains("--force", line, StringComparison.Ordinal);
        Assert.Equal("mine", File.ReadAllText(output));

        Outcome forced = Tool.Run("report", profile, "--format", "text", "--output", output, "--force");
        Assert.Equal(0, forced.ExitCode);
        Assert.Contains("Wrote " + output, forced.Errors, StringComparison.Ordinal);
        Assert.Contains("app --port 80", File.ReadAllText(output), StringComparison.Ordinal);
        Assert.Equal(2, Directory.GetFiles(_folder.FullName).Length);
    }

    [Fact]
    public void A_binary_format_goes_into_a_file_of_the_same_name()
    {
        string profile = Profile();
        Outcome result =
            Tool.Shell($"cd {_folder.FullName} && \"$QUARRY\" report app.1234.qprof --format pprof");
        Assert.Equal(0, result.ExitCode);
        Assert.True(File.Exists(_folder.File("app.1234.pb.gz")));
        Assert.Equal("", result.Output);
        Outcome piped =
            Tool.Shell($"\"$QUARRY\" report {profile} --format pprof --output - | gzip -t && echo good");
        Assert.Equal("good\n", piped.Output);
    }

    [Fact]
    public void What_cannot_be_read_is_refused_in_one_line()
    {
        string text = _folder.File("text.qprof");
        File.WriteAllText(text, "hello\n");
        Assert.Contains("not a profile", Tool.Run("report", text).RefusalLine(2), StringComparison.Ordinal);
        Tool.Run("report", _folder.File("absent")).RefusalLine(2);
        Tool.Run("report", _folder.FullName).RefusalLine(2);
        Tool.Run("report").RefusalLine(2);
        Tool.Run("report", text, "--format", "nonsense").RefusalLine(2);
        Tool.Run("report", text, "--sort", "nonsense").RefusalLine(2);
        Tool.Run("report", text, "--top", "0").RefusalLine(2);
        Tool.Run("diff", text).RefusalLine(2);
        Tool.Run("diff", text, text, "--format", "dhat").RefusalLine(2);
    }

    [Fact]
    public void What_grew_is_found_though_the_modules_moved()
    {
        string before = Profile(Moved(0, live: 1000), "before.qprof");
        string after = Profile(
            Moved(0x5550000, live: 5096).Site(64, 1, 64, 1, 0x5551111).Site(16, 1, 0, 0, 0x5552000),
            "after.qprof");
        string text = Output("diff", before, after);
        Assert.Contains("Top 2 of 2 sites that grew, by in use", text, StringComparison.Ordinal);
        Assert.Contains("+4.00 KiB in +1 block (1000 B before)\n      app!0x7ff\n", text,
            StringComparison.Ordinal);
        Assert.Contains("+64 B in +1 block (new)", text, StringComparison.Ordinal);
        Assert.DoesNotContain("shrank", text, StringComparison.Ordinal);
        Assert.Contains("Top 1 of 1 site that shrank", Output("diff", after, before, "--top", "1")
            .Replace("2 sites", "1 site"), StringComparison.Ordinal);

        using JsonDocument json = JsonDocument.Parse(Output("diff", before, after, "--format", "json"));
        JsonElement first = json.RootElement.GetProperty("sites")[0];
        Assert.Equal(4096, first.GetProperty("growth").GetInt64());
        Assert.Equal(1000, first.GetProperty("before").GetProperty("live_bytes").GetInt64());
    }

    private static ProfileBuilder Moved(ulong bias, long live) => new ProfileBuilder()
        .Module("/opt/app", bias, bias + 0x10000, bias)
        .Site(8192, 8, live, live / 1000 - (live > 5000 ? 3 : 0), bias + 0x800);
}
