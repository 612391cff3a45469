using System;
using System.Collections.Generic;
using System.Text.Json;
using System.Text.RegularExpressions;
using Quarry.Cli.Tests.Profiles;
using Xunit;

namespace Quarry.Cli.Tests;

/// <summary>jemalloc's options and report: of a program to start, and of a running process.</summary>
public sealed partial class JemallocTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Conf_reaches_the_program_behind_the_users_own()
    {
        Dictionary<string, string> environment = new() { ["MALLOC_CONF"] = "dirty_decay_ms:1" };
        Outcome result = Tool.RunWith(environment, "", "run", "--conf", "muzzy_decay_ms:2,prof:true", "--",
            "/bin/sh", "-c", "echo $MALLOC_CONF");
        Assert.Equal((0, "dirty_decay_ms:1,muzzy_decay_ms:2,prof:true\n"), (result.ExitCode, result.Output));
    }

    [Fact]
    public void Conf_that_the_library_rejects_is_an_error() => Assert.Contains(
        "--conf: Invalid conf pair: nonsense:1;",
        Tool.Run("run", "--conf", "prof:true,nonsense:1", "true").RefusalLine(2), StringComparison.Ordinal);

    [Fact]
    public void Options_of_a_program_to_start_have_sources()
    {
        Dictionary<string, string> environment = new()
        {
            ["MALLOC_CONF"] = "muzzy_decay_ms:0x10,dirty_decay_ms:5,zero_realloc:alloc,nonsense:1",
            ["QUARRY_CONF"] = "decay_ms:300",
        };
        Outcome result = Tool.RunWith(environment, "", "options");
        Assert.Equal((0, "<jemalloc>: Invalid conf pair: nonsense:1\n"), (result.ExitCode, result.Errors));
        Assert.Equal(("300", "QUARRY_CONF"), Find(result, "dirty_decay_ms"));
        Assert.Equal(("16", "MALLOC_CONF"), Find(result, "muzzy_decay_ms"));
        Assert.Equal(("alloc", "MALLOC_CONF"), Find(result, "zero_realloc"));
        Assert.Equal(("false", "default"), Find(result, "stats_print"));
        Assert.Equal(("jeprof", "default"), Find(result, "prof_prefix"));
    }

    [Fact]
    public void Options_of_a_running_process_are_its_own()
    {
        using RunningProgram program = Start("--conf", "dirty_decay_ms:1234,prof_prefix:/x");
        Outcome result = Tool.Run("options", program.IdText);
        Assert.True(result.ExitCode == 0, result.Errors);
        Assert.Equal(("1234", "MALLOC_CONF"), Find(result, "dirty_decay_ms"));
        Assert.Equal(("/x", "MALLOC_CONF"), Find(result, "prof_prefix"));
        Assert.Equal(("false", "default"), Find(result, "prof"));
    }

    [Fact]
    public void Report_of_a_running_process_is_its_own()
    {
        using RunningProgram program = Start();
        Outcome text = Tool.Run("stats", "--jemalloc", program.IdText);
        Assert.True(text.ExitCode == 0, text.Errors);
        Assert.StartsWith("___ Begin jemalloc statistics ___\n", text.Output, StringComparison.Ordinal);
        Assert.EndsWith("--- End jemalloc statistics ---\n", text.Output, StringComparison.Ordinal);

        Outcome json = Tool.Run("stats", "--jemalloc", "--json", program.IdText);
        Assert.True(json.ExitCode == 0, json.Errors);
        using JsonDocument document = JsonDocument.Parse(json.Output);
        JsonElement statistics = document.RootElement.GetProperty("jemalloc").GetProperty("stats");
        Assert.InRange(statistics.GetProperty("allocated").GetInt64(), 1000, 100_000_000);

        // The process has no profile file afterwards.
        Assert.Null(program.Profile());
        program.End();
    }

    [Fact]
    public void Process_with_jemallocs_profile_has_no_second_one()
    {
        using RunningProgram program = Start("--conf", "prof:true");
        Outcome result = Tool.Run("profile", "--attach", program.IdText, "--for", "1s");
        Assert.Contains("prof:true", result.RefusalLine(2), StringComparison.Ordinal);
    }

    [Fact]
    public void Process_on_another_malloc_is_refused()
    {
        using RunningProgram program =
            RunningProgram.StartAndWait(Installed.CompileC(_folder.FullName, RunningProgram.Source));
        Assert.Contains("does not run on libquarry.so",
            Tool.Run("stats", "--jemalloc", program.IdText).RefusalLine(2), StringComparison.Ordinal);
        Assert.Contains("does not run on libquarry.so",
            Tool.Run("options", program.IdText).RefusalLine(2), StringComparison.Ordinal);
    }

    private RunningProgram Start(params string[] options) => RunningProgram.StartAndWait(
        [Tool.Path, "run", .. options, "--", Installed.CompileC(_folder.FullName, RunningProgram.Source)]);

    private static (string Value, string Source) Find(Outcome result, string name)
    {
        string line = Assert.Single(result.Output.Split('\n'), text => text.Split(' ')[0] == name);
        Match match = Line().Match(line);
        return (match.Groups[2].Value, match.Groups[3].Value);
    }

    [GeneratedRegex(@"^(\S+) +(\S*) +(.+)$")]
    private static partial Regex Line();
}
