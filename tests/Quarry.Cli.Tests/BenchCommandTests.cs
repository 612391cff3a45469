using System;
using System.IO;
using System.Linq;
using System.Text.Json;
using Quarry.Tools.Allocators;
using Xunit;

namespace Quarry.Cli.Tests;

/// <summary>"quarry bench" on real programs and whatever allocators there are.</summary>
public sealed class BenchCommandTests
{
    [Fact]
    public void Every_allocator_gets_a_row()
    {
        Outcome result = Tool.Run("bench", "--runs", "2", "--", "/bin/true");
        Assert.Equal(0, result.ExitCode);
        Assert.Equal("", result.Errors);
        Assert.All(AllocatorCatalog.FindAll(),
            a => Assert.Contains(a.Name, result.Output, StringComparison.Ordinal));
    }

    [Fact]
    public void Json_has_figures_that_can_be()
    {
        Outcome result =
            Tool.Run("bench", "--runs", "2", "--allocators", "glibc", "--json", "sleep", "0.05");
        using JsonDocument json = JsonDocument.Parse(result.Output);
        Assert.Equal("glibc", json.RootElement.GetProperty("baseline").GetString());
        JsonElement only = Assert.Single(json.RootElement.GetProperty("results").EnumerateArray());
        Assert.InRange(only.GetProperty("wall").GetProperty("median").GetDouble(), 0.05, 60);
        Assert.InRange(only.GetProperty("peak").GetProperty("median").GetDouble(), 200 << 10, 20 << 20);
    }

    [Fact]
    public void Peak_is_the_programs_and_not_that_of_the_process_that_started_it()
    {
        using TemporaryFolder folder = new();
        string program = Installed.CompileC(folder.FullName,
            """
            #include <stdlib.h>
            #include <string.h>
            int main(int argc, char **argv) {
                size_t size = argc > 1 ? (size_t)atoi(argv[1]) << 20 : 1;
                volatile char *block = malloc(size);
                memset((char *)block, 1, size);
                return block[size / 2] != 1;
            }
            """);
        Assert.InRange(Peak(program), 100 << 10, 4 << 20);
        Assert.InRange(Peak(program, "100"), 100 << 20, 104 << 20);
    }

    [Fact]
    public void Results_go_to_a_file_by_its_extension()
    {
        using TemporaryFolder folder = new();
        string markdown = folder.File("result.md");
        string json = folder.File("result.json");
        Tool.Run("bench", "--runs", "1", "--allocators", "glibc", "--output", markdown, "true");
        Tool.Run("bench", "--runs", "1", "--allocators", "glibc", "--output", json, "--markdown", "true");
        Assert.Contains("| glibc |", File.ReadAllText(markdown), StringComparison.Ordinal);
        using JsonDocument document = JsonDocument.Parse(File.ReadAllText(json));
        Assert.Equal(1, document.RootElement.GetProperty("runs").GetInt32());
    }

    [Fact]
    public void A_program_that_fails_is_reported_and_not_timed()
    {
        Outcome result = Tool.Run(
            "bench", "--runs", "2", "--allocators", "glibc", "sh", "-c", "echo oh dear >&2; exit 3");
        Assert.Equal(1, result.ExitCode);
        Assert.Contains("glibc is left out: exit code 3: oh dear", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_program_that_hangs_is_ended_with_all_it_started()
    {
        using TemporaryFolder folder = new();
        string ids = folder.File("ids");
        Outcome result = Tool.Run(
            "bench", "--runs", "1", "--warmup", "0", "--timeout", "1", "--allocators", "glibc", "sh", "-c",
            $"setsid sleep 1000 & echo $! $$ >{ids}; wait");
        Assert.Contains("took longer than 1 s", result.Output, StringComparison.Ordinal);
        Assert.All(File.ReadAllText(ids).Split(' '),
            id => Assert.False(Directory.Exists("/proc/" + id.Trim())));
    }

    [Fact]
    public void Output_of_the_program_is_shown_only_when_asked_for()
    {
        string[] words = ["--runs", "1", "--warmup", "0", "--allocators", "glibc"];
        Assert.DoesNotContain("hello", Tool.Run(["bench", .. words, "echo", "hello"]).Output,
            StringComparison.Ordinal);
        Assert.Contains("hello\n", Tool.Run(["bench", "--show-output", .. words, "echo", "hello"]).Output,
            StringComparison.Ordinal);
    }

    [Fact]
    public void The_library_is_preloaded_into_the_program()
    {
        Allocator allocator = Installed.AnyForeign();
        Outcome result = Tool.Run("bench", "--runs", "1", "--warmup", "0", "--allocators", allocator.Name,
            "--show-output", "sh", "-c", "echo $LD_PRELOAD");
        Assert.StartsWith(allocator.Library + "\n", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_library_is_listed_by_the_name_that_it_is_given()
    {
        string library = Installed.AnyForeign().Library!;
        Outcome result = Tool.Run("bench", "--runs", "1", "--warmup", "0", "--json", "--show-output",
            "--allocators", $"one={library},other={library}", "sh", "-c", "echo $LD_PRELOAD");
        Assert.StartsWith(library + "\n" + library + "\n", result.Output, StringComparison.Ordinal);
        Assert.Contains("\"one\"", result.Output, StringComparison.Ordinal);
        Assert.Contains("\"other\"", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Signals_and_descriptors_are_the_callers()
    {
        const string witness = "sh -c 'grep ^Sig[BI] /proc/self/status; ls /proc/self/fd'";
        Outcome plain = Tool.Shell(witness);
        Outcome result = Tool.Shell(
            $"$QUARRY bench --runs 1 --warmup 0 --allocators glibc --show-output {witness}");
        Assert.StartsWith(plain.Output, result.Output, StringComparison.Ordinal);
    }

    private static double Peak(params string[] words)
    {
        Outcome result = Tool.Run(["bench", "--runs", "1", "--allocators", "glibc", "--json", .. words]);
        using JsonDocument json = JsonDocument.Parse(result.Output);
        return json.RootElement.GetProperty("results").EnumerateArray().Single()
            .GetProperty("peak").GetProperty("median").GetDouble();
    }
}
