using System;
using System.IO;
using Quarry.Cli.Profiles.Recording;
using Quarry.Tools.Allocators;
using Xunit;

namespace Quarry.Cli.Tests.Profiles;

/// <summary>Processes to which one cannot attach, each with the reason and what to do.</summary>
public sealed class AttachRefusalTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private string Program() => Installed.CompileC(_folder.FullName, RunningProgram.Source);

    private static string Refusal(RunningProgram program) =>
        Tool.Run("profile", "--attach", program.IdText, "--for", "1s").RefusalLine(2);

    [Fact]
    public void There_is_no_such_process()
    {
        string line = Tool.Run("profile", "--attach", "2147483647").RefusalLine(2);
        Assert.Contains("there is no process 2147483647", line, StringComparison.Ordinal);
    }

    [Fact]
    public void Idle_process()
    {
        using RunningProgram program = RunningProgram.StartAndWait(Tool.Path, "run", "--", Program(), "idle");
        Assert.Contains("try again when it has work", Refusal(program), StringComparison.Ordinal);
        Assert.Null(program.Profile());
        program.End();
    }

    [Fact]
    public void Other_version_of_the_library()
    {
        string source = _folder.File("other.c");
        string library = _folder.File("libquarry.so");
        File.WriteAllText(source, "int quarry_other;");
        _ = NativeCompiler.Compile("gcc", library, "-shared", source);
        using RunningProgram program = RunningProgram.StartAndWait(
            "/usr/bin/env", $"LD_PRELOAD={library}", Program());
        Assert.Contains("restart it on this one", Refusal(program), StringComparison.Ordinal);
    }

    [Fact]
    public void Deleted_library()
    {
        string copy = _folder.File("libquarry.so");
        File.Copy(NativeFolder.Get("libquarry.so"), copy);
        using RunningProgram program = RunningProgram.StartAndWait(
            "/usr/bin/env", $"LD_PRELOAD={copy}", Program());
        File.Delete(copy);
        Assert.Contains("was deleted or replaced: restart", Refusal(program), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("0", "as its user, or as root")]
    [InlineData("1", "kernel.yama.ptrace_scope is 1, so that only its ancestors may")]
    [InlineData("2", "kernel.yama.ptrace_scope is 2, so that only root may")]
    [InlineData("3", "kernel.yama.ptrace_scope is 3, so that nobody may")]
    public void Debuggers_are_restricted(string scope, string reason)
    {
        string advice = PtraceScope.Advice(scope);
        Assert.Contains(reason, advice, StringComparison.Ordinal);
        Assert.Contains("QUARRY_CONF=profile:off", advice, StringComparison.Ordinal);
    }
}
