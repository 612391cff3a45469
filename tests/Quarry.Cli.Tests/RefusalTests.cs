using System;
using System.IO;
using Xunit;

namespace Quarry.Cli.Tests;

/// <summary>What cannot be done is said in one line, with the exit code a shell user expects.</summary>
public sealed class RefusalTests
{
    [Theory]
    [InlineData("nonsense")]
    [InlineData("--nonsense")]
    [InlineData("run")]
    [InlineData("run", "--nonsense", "true")]
    [InlineData("run", "--allocator")]
    [InlineData("run", "--allocator", "nonsense", "true")]
    [InlineData("run", "--allocator", "/nonsense.so", "true")]
    [InlineData("run", "--allocator", "/etc/passwd", "true")]
    [InlineData("run", "--allocator", "/usr/lib/x86_64-linux-gnu/libz.so.1", "true")]
    [InlineData("run", "--json=/no/such/folder/figures.json", "true")]
    [InlineData("run", "--allocator", "glibc", "--limit", "1M", "true")]
    [InlineData("run", "--limit", "lots", "true")]
    [InlineData("run", "--conf", "nonsense:1", "true")]
    [InlineData("run", "--conf", "dirty_decay_ms:often", "true")]
    [InlineData("run", "--conf", "dirty_decay_ms", "true")]
    [InlineData("run", "--allocator", "glibc", "--conf", "dirty_decay_ms:1", "true")]
    [InlineData("run", "--stats=perhaps", "true")]
    [InlineData("bench")]
    [InlineData("bench", "--runs", "0", "true")]
    [InlineData("bench", "--runs", "many", "true")]
    [InlineData("bench", "--warmup", "-1", "true")]
    [InlineData("bench", "--allocators", "glibc,nonsense", "true")]
    [InlineData("bench", "--allocators", ",", "true")]
    [InlineData("bench", "--allocators", "mine=/no/such/library.so", "true")]
    [InlineData("bench", "--output", "result.pdf", "true")]
    [InlineData("bench", "--json", "--markdown", "true")]
    [InlineData("profile")]
    [InlineData("profile", "--nonsense", "true")]
    [InlineData("profile", "--exact", "--sample", "1M", "true")]
    [InlineData("profile", "--sample", "0", "true")]
    [InlineData("profile", "--sample", "often", "true")]
    [InlineData("profile", "--output", "/no/such/folder/prefix", "true")]
    [InlineData("profile", "--format", "nonsense", "true")]
    [InlineData("profile", "--for", "1s", "true")]
    [InlineData("profile", "--attach", "1", "true")]
    [InlineData("profile", "--attach", "nobody")]
    [InlineData("profile", "--attach", "1", "--for", "soon")]
    [InlineData("profile", "--attach", "1", "--children")]
    [InlineData("profile", "--attach", "999999999")]
    [InlineData("stats")]
    [InlineData("stats", "nobody")]
    [InlineData("stats", "999999999")]
    [InlineData("stats", "1", "2")]
    [InlineData("stats", "--jemalloc")]
    [InlineData("stats", "--jemalloc", "1", "2")]
    [InlineData("stats", "--jemalloc", "999999999")]
    [InlineData("stats", "--jemalloc", "--once", "1")]
    [InlineData("options", "nobody")]
    [InlineData("options", "999999999")]
    [InlineData("allocators", "nonsense")]
    [InlineData("before-main", "nonsense")]
    [InlineData("before-main", "--runs", "0")]
    [InlineData("before-main", "--language", "cobol")]
    [InlineData("before-main", "--language", ",")]
    public void Wrong_input_ends_with_2_and_one_line(params string[] arguments)
    {
        Tool.Run(arguments).RefusalLine(2);
    }

    [Fact]
    public void An_unknown_allocator_is_answered_with_those_there_are()
    {
        string line = Tool.Run("run", "--allocator", "nonsense", "true").RefusalLine(2);
        Assert.Contains("nonsense", line, StringComparison.Ordinal);
        Assert.Contains("glibc", line, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("no-such-program")]
    [InlineData("/no/such/program")]
    [InlineData("")]
    public void A_missing_program_ends_with_127(string program)
    {
        Tool.Run("run", "--allocator", "glibc", "--", program).RefusalLine(127);
        Tool.Run("run", "--allocator", "glibc", "--stats", "--", program).RefusalLine(127);
        Tool.Run("bench", "--allocators", "glibc", "--", program).RefusalLine(127);
    }

    [Theory]
    [InlineData("/etc/passwd")]
    [InlineData("/tmp")]
    public void What_is_no_program_ends_with_126(string program)
    {
        Tool.Run("run", "--allocator", "glibc", program).RefusalLine(126);
        Tool.Run("run", "--allocator", "glibc", "--stats", program).RefusalLine(126);
    }

    [Fact]
    public void A_missing_interpreter_ends_with_127()
    {
        using TemporaryFolder folder = new();
        string script = folder.File("script");
        File.WriteAllText(script, "#!/no/such/interpreter\n");
        File.SetUnixFileMode(script, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        Tool.Run("run", "--allocator", "glibc", script).RefusalLine(127);
        Tool.Run("run", "--allocator", "glibc", "--stats", script).RefusalLine(127);
    }

    [Fact]
    public void A_library_whose_path_the_loader_would_split_is_refused()
    {
        using TemporaryFolder folder = new();
        string library = folder.File("a b.so");
        File.Copy(Installed.AnyForeign().Library!, library);
        Assert.Contains("space", Tool.Run("run", "--allocator", library, "true").RefusalLine(2),
            StringComparison.Ordinal);
    }
}
