using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Xunit;

namespace Quarry.Cli.Tests;

/// <summary>A program under "quarry run" cannot tell that it is, with and without --stats.</summary>
public sealed class RunPassThroughTests
{
    // --stats runs a child instead of becoming the program.
    public static TheoryData<string> Ways => new("", "--stats");

    [Theory]
    [MemberData(nameof(Ways))]
    public void Exit_code_is_the_programs(string way)
    {
        foreach (int code in new[] { 0, 1, 2, 37, 127, 255 })
        {
            Assert.Equal(code, Run(way, "sh", "-c", $"exit {code}").ExitCode);
        }
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public void Death_by_signal_is_passed_on(string way)
    {
        foreach (int signal in new[] { 2, 6, 9, 11, 15 })
        {
            // Whoever runs the tests in the background has SIGINT ignored, and that is inherited.
            Outcome result = Run(way, "env", "--default-signal", "sh", "-c", $"kill -{signal} $$");
            Assert.Equal(128 + signal, result.ExitCode);
        }
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public void Death_by_signal_is_no_exit_with_128_and_its_number(string way)
    {
        Assert.SkipUnless(File.Exists("/usr/bin/python3"), "python3 is not on this machine");
        const string call = "import subprocess, sys; print(subprocess.call(sys.argv[1:]))";
        Outcome result = Tool.Shell(
            $"/usr/bin/python3 -c '{call}' $QUARRY run --allocator glibc {way} sh -c 'kill $$' 2>/dev/null");
        Assert.Equal("-15\n", result.Output);
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public void Arguments_arrive_as_they_are(string way)
    {
        string[] odd =
            ["", " ", "-l", "--stats", "--", "--help", "a b", "$HOME", "*", "'", "\"", "\\", "é😀", "@f"];
        Outcome result = Run(way, ["printf", "[%s]\n", .. odd]);
        Assert.Equal(string.Concat(odd.Select(a => $"[{a}]\n")), result.Output);
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public void Arguments_need_not_be_text(string way)
    {
        Outcome result = Tool.Shell(
            $$"""
            $QUARRY run --allocator glibc {{way}} printf %s "$(printf 'a\377\200b')" 2>/dev/null | od -An -tx1
            """);
        Assert.Equal("61 ff 80 62", result.Output.Trim());
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public void Options_after_the_program_are_the_programs(string way)
    {
        Assert.Equal("-l --stats --allocator\n", Run(way, "echo", "-l", "--stats", "--allocator").Output);
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public void Standard_input_is_the_programs(string way)
    {
        string input = string.Concat(Enumerable.Repeat("0123456789 line\n", 20_000));
        Outcome result = Tool.RunWith(
            new Dictionary<string, string>(), input, [.. Words(way), "cat"]);
        Assert.Equal(input, result.Output);
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public void Environment_is_the_callers(string way)
    {
        const string env = "env -i ${DOTNET_ROOT+DOTNET_ROOT=$DOTNET_ROOT} " +
            "'odd-name.%=1' EMPTY= B='x y' PATH=/usr/bin:/bin";
        Outcome plain = Tool.Shell($"{env} env");
        Outcome run = Tool.Shell($"{env} $QUARRY run --allocator glibc {way} env");
        Assert.Equal(plain.Output, run.Output);
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public void Signal_dispositions_mask_limits_and_descriptors_are_the_callers(string way)
    {
        const string witness =
            "sh -c 'grep ^Sig[BI] /proc/self/status; cat /proc/self/limits; ls /proc/self/fd'";
        foreach (string setting in new[] { "ulimit -Sn 300", "trap '' HUP INT" })
        {
            Outcome plain = Tool.Shell($"{setting}; {witness}; :");
            Outcome run = Tool.Shell($"{setting}; $QUARRY run --allocator glibc {way} {witness}; :");
            Assert.Equal(plain.Output, run.Output);
        }
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public void A_closed_pipe_kills_the_program_silently(string way)
    {
        Outcome result = Tool.Shell($"$QUARRY run --allocator glibc {way} yes 2>/dev/null | head -n 1");
        Assert.Equal("y\n", result.Output);
    }

    [Fact]
    public void Without_stats_nothing_stays_in_between()
    {
        Outcome result = Tool.Shell("$QUARRY run --allocator glibc sh -c 'echo $PPID' & wait; echo $$");
        string[] lines = result.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(lines[1], lines[0]);
    }

    [Fact]
    public void A_signal_to_the_tool_reaches_the_child()
    {
        using TemporaryFolder folder = new();
        string ready = folder.File("ready");
        Outcome result = Tool.Shell(
            $$"""
            $QUARRY run --allocator glibc --stats \
                sh -c 'trap "echo got; exit 5" TERM; : >{{ready}}; while :; do sleep 0.05; done' 2>/dev/null &
            tool=$!
            until [ -e {{ready}} ]; do sleep 0.05; done
            kill -TERM $tool
            wait $tool
            echo $?
            """);
        Assert.Equal("got\n5\n", result.Output);
    }

    [Theory]
    [InlineData("INT", 130)]
    [InlineData("QUIT", 131)]
    [InlineData("TERM", 143)]
    public void A_signal_to_the_group_ends_the_program_and_the_figures_are_told(string signal, int exitCode)
    {
        // A session of its own, so that the group is that of the tool and the program only.
        string tool = "setsid env --default-signal $QUARRY";
        Outcome result = Tool.Shell(
            $"{tool} run --allocator glibc --stats sh -c 'kill -{signal} 0'; echo $?");
        Assert.Equal($"{exitCode}\n", result.Output);
        Assert.Contains("ended with", result.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void A_script_without_interpreter_line_runs_in_the_shell()
    {
        using TemporaryFolder folder = new();
        string script = folder.File("script");
        File.WriteAllText(script, "echo \"script $1\"\n");
        File.SetUnixFileMode(script, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        Assert.Equal("script a b\n", Run("", script, "a b").Output);
        Assert.Equal("script a b\n", Run("--stats", script, "a b").Output);
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public void The_allocator_is_preloaded_before_what_the_user_preloads(string way)
    {
        string library = Installed.AnyForeign().Library!;
        Outcome result = Tool.RunWith(
            new Dictionary<string, string> { ["LD_PRELOAD"] = "libc.so.6" }, "",
            ["run", "--allocator", library, .. Split(way), "sh", "-c", "echo $LD_PRELOAD"]);
        Assert.Equal(library + ":libc.so.6\n", result.Output);
    }

    [Theory]
    [InlineData("jemalloc")]
    [InlineData("mimalloc")]
    [InlineData("tcmalloc")]
    [InlineData("quarry")]
    public void A_named_allocator_is_in_the_program(string name)
    {
        string library = Installed.Allocator(name).Library!;
        string file = File.ResolveLinkTarget(library, returnFinalTarget: true)?.FullName ?? library;
        Outcome result = Tool.Run("run", "--allocator", name, "cat", "/proc/self/maps");
        Assert.Contains(Path.GetFileName(file), result.Output, StringComparison.Ordinal);
    }

    private static Outcome Run(string way, params string[] program) =>
        Tool.Run([.. Words(way), .. program]);

    private static IEnumerable<string> Words(string way) =>
        ["run", "--allocator", "glibc", .. Split(way)];

    private static string[] Split(string way) => way.Split(' ', StringSplitOptions.RemoveEmptyEntries);
}
