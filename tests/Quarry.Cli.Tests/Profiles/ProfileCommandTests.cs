using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.Json;
using Quarry.Cli.Profiles.Model;
using Quarry.Profiles;
using Xunit;

namespace Quarry.Cli.Tests.Profiles;

/// <summary>The command as users run it, on real programs.</summary>
public sealed class ProfileCommandTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    internal static string Allocating { get; } = Repository.Built("Allocating", "Allocating.dll");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_program_keeps_its_input_output_and_exit_code()
    {
        Outcome result = Tool.RunWith(new Dictionary<string, string>(), "input\n",
            "profile", "--output", _folder.File("p"), "--", "sh", "-c", "cat; exit 3");
        Assert.Equal("input\n", result.Output);
        Assert.Equal(3, result.ExitCode);
        Assert.Contains(Only(), result.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void The_profile_is_that_of_the_last_program_that_the_process_became()
    {
        _ = Run("sh", "-c", "ls / > /dev/null; exec env sort /dev/null");
        Assert.Equal("sort", Path.GetFileName(ProfileFile.Open(Only()).Program));
    }

    [Fact]
    public void Children_have_files_of_their_own_on_request()
    {
        Outcome result = Tool.Run(
            "profile", "--exact", "--children", "--output", _folder.File("p"), "--json", "--",
            "sh", "-c", "ls / > /dev/null; sort /dev/null; true");
        Assert.Equal(0, result.ExitCode);
        string[] programs = [.. Files().Select(f => Path.GetFileName(ProfileFile.Open(f).Program)).Order()];
        Assert.Contains("ls", programs);
        Assert.Contains("sort", programs);
        using JsonDocument json = JsonDocument.Parse(result.Errors);
        Assert.Equal(Files().Length, json.RootElement.GetProperty("processes").GetArrayLength());
    }

    [Fact]
    public void Many_children_run_at_once()
    {
        Outcome result = Tool.Run(
            "profile", "--children", "--output", _folder.File("p"), "--json", "--",
            "sh", "-c", "for i in $(seq 12); do sort /dev/null & done; wait");
        Assert.Equal(0, result.ExitCode);
        ProfileFile[] files = [.. Files().Select(ProfileFile.Open)];
        Assert.Equal(12, files.Count(f => Path.GetFileName(f.Program) == "sort"));

        // The shell, seq, and the others, each of which was a shell before and has a file as such, too.
        Assert.Equal(14, files.DistinctBy(f => f.ProcessId).Count());
    }

    [Fact]
    public void A_killed_program_leaves_a_profile_with_names()
    {
        string program = Installed.CompileC(_folder.FullName, """
            #include <signal.h>
            #include <stdlib.h>
            __attribute__((noinline)) void *keeps(int n) { return malloc(n); }
            int main(void) { for (int i = 0; i < 100; i++) *(char *)keeps(1000) = 1; raise(SIGKILL); }
            """);
        Outcome result = Run(program);
        Assert.Equal(128 + 9, result.ExitCode);
        Profile profile = Profile.Load(Only());
        SymbolizedSite site = Assert.Single(profile.Sites, s => s.Frames.Any(f => f.Function == "keeps"));
        Assert.Equal(100, site.Figures.LiveBlocks);
        Assert.True(new FileInfo(Only()).Length < 10 << 20);
    }

    [Fact]
    public void Files_are_never_overwritten()
    {
        string existing = _folder.File("p.1.qprof");
        File.WriteAllText(existing, "mine");
        _ = Run("true");
        Assert.Equal("mine", File.ReadAllText(existing));
        Assert.Equal(2, Files().Length);
    }

    [Fact]
    public void A_program_that_cannot_be_profiled_is_explained()
    {
        string program = Installed.CompileC(_folder.FullName, "int main(void) { return 5; }", "-static");
        Outcome result = Run(program);
        Assert.Equal(5, result.ExitCode);
        Assert.Contains("statically linked", result.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void Methods_of_NET_have_names_and_lines()
    {
        Outcome result = Run("dotnet", Allocating);
        Assert.Equal("done\n", result.Output);
        Assert.Equal(0, result.ExitCode);
        Profile profile = Profile.Load(Only());
        Frame[][] stacks =
        [
            .. profile.Sites.Select(s => s.Frames.ToArray())
                .Where(f => f.Any(frame => frame.Function == "Quarry.Allocating.Leaf.Allocate")),
        ];
        string[] functions = [.. stacks.SelectMany(s => s).Select(f => f.Function).Distinct()];
        string[] expected =
        [
            "Quarry.Allocating.Generic<System.__Canon>.Run",
            "Quarry.Allocating.Generic<System.Int32>.Run",
            "Quarry.Allocating.Generic<System.__Canon>.Both",
            "Quarry.Allocating.Program.Lambda (lambda)",
            "System.Collections.Generic.List<System.Int32>.Sort",
            "dynamicClass.Emitted",
            "Quarry.Allocating.Program.Filtered",
            "Quarry.Allocating.Program.Recursive",
            "Quarry.Allocating.Program.OnThread (lambda)",
            "Quarry.Allocating.Program.Asynchronous",
        ];
        Assert.Empty(expected.Except(functions));
        const string Recursive = "Quarry.Allocating.Program.Recursive";
        Assert.Equal(21, stacks.Max(s => s.Count(f => f.Function == Recursive)));

        const string Lambda = "Quarry.Allocating.Program.Lambda (lambda)";
        Frame lambda = stacks.SelectMany(s => s).First(f => f.Function == Lambda);
        // A deterministic build, as in CI, records /_/ for the root of the repository.
        string source = lambda.File.StartsWith("/_/", StringComparison.Ordinal)
            ? Path.Combine(Repository.Root, lambda.File[3..])
            : lambda.File;
        Assert.Contains("Leaf.Allocate(size)", File.ReadLines(source).ElementAt(lambda.Line - 1),
            StringComparison.Ordinal);
    }

    [Fact]
    public void Events_of_a_NET_program_have_sites_of_their_own()
    {
        _ = Run("dotnet", Allocating);
        Profile profile = Profile.Load(Only());
        SymbolizedSite site = Assert.Single(profile.AdHocSites);
        Assert.Equal((3000, 2, 1000, 2000), (site.Figures.Bytes, (int)site.Figures.Blocks,
            (int)site.Figures.MinSize, (int)site.Figures.MaxSize));
        Assert.Contains("Quarry.Allocating.Program.Reported", site.Frames.Select(f => f.Function));
    }

    [Fact]
    public void At_least_995_of_1000_frames_of_NET_are_named()
    {
        _ = Run("dotnet", Allocating);
        Profile profile = Profile.Load(Only());
        HashSet<string> elf =
            [.. profile.File.Modules.Select(m => m.Path).Where(p => Path.GetExtension(p) != ".dll")];
        Frame[] managed = [.. profile.Sites.SelectMany(s => s.Frames).Where(f => !elf.Contains(f.Module))];
        int unnamed = managed.Count(f => f.Kind != FrameKind.Managed && !f.Function.Contains("IL_STUB"));
        Assert.True(managed.Length > 10_000);
        Assert.True(unnamed <= managed.Length * 0.005, $"{unnamed} of {managed.Length} are unnamed");

        // The runtime's own frames are marked, so that reports can fold them.
        Assert.All(
            profile.Sites.SelectMany(s => s.Frames).Where(f => f.ModuleName is "libcoreclr.so" or "dotnet"),
            f => Assert.Equal(FrameKind.Runtime, f.Kind));
    }

    private Outcome Run(params string[] program) =>
        Tool.Run(["profile", "--exact", "--output", _folder.File("p"), "--", .. program]);

    private string[] Files() => Directory.GetFiles(_folder.FullName, "*.qprof");

    private string Only() => Assert.Single(Files());
}
