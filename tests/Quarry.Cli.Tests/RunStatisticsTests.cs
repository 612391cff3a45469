using System;
using System.IO;
using System.Linq;
using System.Text.Json;
using Quarry.Tools.Allocators;
using Xunit;

namespace Quarry.Cli.Tests;

/// <summary>"quarry run --stats" on real programs.</summary>
public sealed class RunStatisticsTests
{
    [Fact]
    public void Statistics_of_the_program_go_to_standard_error()
    {
        _ = Installed.Allocator(Allocator.Quarry);
        Outcome result = Tool.Run("run", "--stats", "/bin/echo", "out");
        Assert.Equal((0, "out\n"), (result.ExitCode, result.Output));
        Assert.Contains("requested", result.Errors, StringComparison.Ordinal);
        Assert.Contains("in use at exit", result.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("Not final", result.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain('\u001b', result.Errors);
    }

    [Fact]
    public void Children_are_shown_when_asked_for()
    {
        _ = Installed.Allocator(Allocator.Quarry);
        Outcome result = Tool.Run("run", "--children", "sh", "-c", "ls / >/dev/null; ls / >/dev/null; :");
        Assert.Equal(2, result.Errors.Split("/ls (").Length - 1);
        Assert.Contains("Total of 3 processes", result.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void Json_to_a_file_holds_the_same_and_leaves_standard_error_alone()
    {
        _ = Installed.Allocator(Allocator.Quarry);
        using TemporaryFolder folder = new();
        string file = folder.File("statistics.json");
        Outcome result = Tool.Run("run", "--json=" + file, "grep", "x", "/dev/null");
        Assert.Equal((1, "", ""), (result.ExitCode, result.Output, result.Errors));
        using JsonDocument json = JsonDocument.Parse(File.ReadAllText(file));
        Assert.Equal(1, json.RootElement.GetProperty("exit_code").GetInt32());
        JsonElement process = json.RootElement.GetProperty("processes").EnumerateArray().Single();
        Assert.Equal(json.RootElement.GetProperty("pid").GetInt32(), process.GetProperty("pid").GetInt32());
        Assert.True(process.GetProperty("final").GetBoolean());
        Assert.True(process.GetProperty("heap").GetProperty("requested_bytes").GetInt64() > 0);
    }

    [Fact]
    public void A_static_program_runs_without_statistics()
    {
        _ = Installed.Allocator(Allocator.Quarry);
        using TemporaryFolder folder = new();
        string program = Installed.CompileC(folder.FullName, "int main(void) { return 7; }", "-static");
        Outcome result = Tool.Run("run", "--stats", program);
        Assert.Equal(7, result.ExitCode);
        Assert.Contains("statically linked", result.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void A_limit_follows_the_options_of_the_user()
    {
        _ = Installed.Allocator(Allocator.Quarry);
        Outcome result = Tool.Shell(
            "QUARRY_CONF=decay_ms:0 $QUARRY run --limit 64M sh -c 'echo $QUARRY_CONF'");
        Assert.Equal("decay_ms:0,limit:67108864\n", result.Output);
    }

    [Fact]
    public void The_folder_is_deleted_even_after_a_kill()
    {
        _ = Installed.Allocator(Allocator.Quarry);
        Outcome result = Tool.Run("run", "--stats", "sh", "-c", "echo $QUARRY_STATS; kill -KILL $$");
        Assert.Equal(137, result.ExitCode);
        Assert.False(Directory.Exists(Path.GetDirectoryName(result.Output.Trim())));
        Assert.Contains("signal 9", result.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void On_another_allocator_the_measurements_of_the_kernel_are_shown()
    {
        Outcome result = Tool.Run("run", "--allocator", "glibc", "--stats", "true");
        Assert.Contains("peak resident", result.Errors, StringComparison.Ordinal);
        Assert.Contains("--allocator quarry", result.Errors, StringComparison.Ordinal);
    }

    /// <summary>It overwrites its environment to set its title, and forks.</summary>
    [Fact]
    public void Redis_leaves_a_final_record()
    {
        _ = Installed.Allocator(Allocator.Quarry);
        Assert.SkipUnless(File.Exists("/usr/bin/redis-server"), "redis-server is not installed");
        using TemporaryFolder folder = new();
        Outcome result = Tool.Shell($"cd {folder.FullName}; $QUARRY run --stats redis-server --port 0 " +
            "--unixsocket ./socket --save '' > log & " +
            "for i in $(seq 100); do redis-cli -s ./socket ping > ping 2>&1 && break; sleep 0.1; done; " +
            "redis-cli -s ./socket shutdown nosave; wait");
        Assert.Contains("redis-server", result.Errors, StringComparison.Ordinal);
        Assert.Contains("in use at exit", result.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("Not final", result.Errors, StringComparison.Ordinal);
        Assert.Equal(["log", "ping"], Directory.GetFiles(folder.FullName).Select(Path.GetFileName).Order());
    }
}
