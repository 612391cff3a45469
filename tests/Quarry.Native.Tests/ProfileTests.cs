using System;
using System.Globalization;
using System.IO;
using System.Linq;
using Quarry.Native.Tests.Harness;
using Xunit;

namespace Quarry.Native.Tests;

/// <summary>The profiles of programs that know what they did.</summary>
public sealed class ProfileTests
{
    internal static readonly TestProgram s_program = new("api_profile.c");

    private static readonly string[] s_cases =
    [
        "figures_of_sites",
        "threads_exchange",
        "child_of_fork",
        "child_of_a_raw_fork",
        "child_of_vfork",
        "vfork_child_runs_exit_handlers",
        "program_is_replaced",
        "replacement",
        "killed",
        "ends_at_once",
        "many_sites",
        "disk_is_full",
        "files_are_limited",
        "handler_allocates",
        "module_is_unloaded",
        "threads_are_killed",
        "waits_for_a_file",
        "events_are_reported",
        "random_work",
        "nothing_is_mapped",
    ];

    /// <summary>Cases that print the figures which the only file must contain.</summary>
    [Theory]
    [InlineData("figures_of_sites")]
    [InlineData("threads_exchange")]
    [InlineData("child_of_a_raw_fork")]
    [InlineData("child_of_vfork")]
    [InlineData("many_sites")]
    public void Figures_are_those_of_the_program(string name)
    {
        string folder = Folder(name);
        Outcome outcome = Start(name, folder);
        ProfileContents profile = TheOnlyProfile(folder);
        AssertFigures(outcome, profile);
        AssertSums(profile);
        Assert.Equal(ProfileState.Ended, profile.Header.State);
        Assert.Equal((long)profile.Header.End, profile.FileSize);
        Assert.Equal(default, profile.Header.Losses);
        Assert.Equal("api_profile", Path.GetFileName(profile.Program[0]));
        Assert.Equal([s_program.Path, name], profile.Program[1..]);
    }

    [Fact]
    public void Header_has_the_figures_of_the_heap()
    {
        string folder = Folder("header");
        Start("figures_of_sites", folder);
        ProfileContents profile = TheOnlyProfile(folder);
        ProfileFigures figures = profile.Header.Figures;
        Assert.True(figures.PeakUsedBytes > 40 << 20 && figures.UsedBytes < figures.PeakUsedBytes);
        Assert.True(figures.PeakResidentBytes >= figures.ResidentBytes && figures.ResidentBytes > 0);
        Assert.True(figures.ProcessorTime > 0);
        Assert.Equal(figures.InUseBlocks, figures.Allocations - figures.Frees);
        Assert.Equal(figures.Allocations, (ulong)profile.SizeClasses.Sum(entry => (long)entry.Allocations));
        Assert.True(profile.Points.Count >= 2);
        Assert.Equal(profile.Points.OrderBy(point => point.Time), profile.Points);
        Assert.Equal(profile.Header.Totals.LiveBytes, profile.Points[^1].LiveBytes);
    }

    [Fact]
    public void Threads_have_names_and_shares()
    {
        string folder = Folder("threads");
        Start("threads_exchange", folder);
        ProfileContents profile = TheOnlyProfile(folder);
        Assert.Equal(5, profile.Threads.Count);
        for (int worker = 0; worker < 4; worker++)
        {
            ProfileThread thread = profile.Threads.Single(entry => entry.Name == $"worker-{worker}").Thread;
            Assert.True(thread.Bytes >= profile.Figure(1000, "bytes") / 4);
        }
        ulong bytes = profile.Threads.Aggregate(0UL, (sum, entry) => sum + entry.Thread.Bytes);
        ulong freed = profile.Threads.Aggregate(0UL, (sum, entry) => sum + entry.Thread.FreedBytes);
        Assert.Equal(profile.Header.Totals.Bytes, bytes);
        Assert.Equal(profile.Header.Totals.LiveBytes, bytes - freed);
    }

    [Fact]
    public void Stacks_are_complete_and_lie_in_modules()
    {
        string folder = Folder("stacks");
        Start("many_sites", folder);
        ProfileContents profile = TheOnlyProfile(folder);
        Assert.True(profile.Stacks.Count > 1 << 14);
        Assert.All(profile.Stacks.Values, stack =>
        {
            Assert.Equal(ProfileStackFlags.None, stack.Flags & ~ProfileStackFlags.Unknown);
            Assert.All(stack.Addresses, address => Assert.Contains(profile.Modules,
                module => module.Module.Start < address && address <= module.Module.End));
        });
        Assert.Contains(
            profile.Modules, module => module.Path == s_program.Path && module.BuildId.Length == 40);
        Assert.DoesNotContain(profile.Modules, module => module.Path.Length == 0);
    }

    [Fact]
    public void Child_has_a_file_of_its_own()
    {
        string folder = Folder("fork");
        Outcome outcome = Start("child_of_fork", folder);
        int[] ids = [.. outcome.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Order(StringComparer.Ordinal)
            .Select(line => int.Parse(line.Split(' ')[1], CultureInfo.InvariantCulture))];
        Assert.Equal(2, Directory.GetFiles(folder).Length);
        ProfileContents child = new($"{folder}/p.{ids[0]}.qprof"), parent = new($"{folder}/p.{ids[1]}.qprof");
        Assert.Equal(ids[1], child.Header.ParentId);
        Assert.Equal((0UL, 7UL, 0UL), Live(child));
        Assert.Equal((20UL, 0UL, 3UL), Live(parent));
        AssertSums(child);
        AssertSums(parent);
        Assert.Contains(child.Modules, module => module.Path == s_program.Path);

        static (ulong, ulong, ulong) Live(ProfileContents profile) => (profile.Figure(112, "live_blocks"),
            profile.Figure(144, "live_blocks"), profile.Figure(160, "live_blocks"));
    }

    /// <summary>Files are never overwritten: the second one has a number.</summary>
    [Fact]
    public void Program_that_is_replaced_leaves_its_file()
    {
        string folder = Folder("exec");
        Start("program_is_replaced", folder);
        string[] files = [.. Directory.GetFiles(folder).OrderBy(file => file.Length)];
        Assert.Equal(2, files.Length);
        Assert.EndsWith(".1.qprof", files[1]);
        ProfileContents first = new(files[0]), second = new(files[1]);
        Assert.Equal(first.Header.ProcessId, second.Header.ProcessId);
        Assert.Equal((ProfileState.Running, ProfileState.Ended), (first.Header.State, second.Header.State));
        Assert.Equal((20UL, 5UL), (first.Figure(112, "live_blocks"), second.Figure(144, "live_blocks")));
    }

    [Theory]
    [InlineData("killed", 128 + 9)]
    [InlineData("ends_at_once", 0)]
    [InlineData("vfork_child_runs_exit_handlers", 0)]
    public void Everything_is_in_the_file_without_an_exit(string name, int exitCode)
    {
        string folder = Folder(name);
        Run(name, folder).Start().Expect(exitCode);
        ProfileContents profile = TheOnlyProfile(folder);
        Assert.Equal(ProfileState.Running, profile.Header.State);
        Assert.Equal(20UL, profile.Figure(112, "live_blocks"));
        AssertSums(profile);
    }

    [Fact]
    public void Recording_stops_when_the_disk_is_full()
    {
        LibraryUnderTest.RequireQuarry();
        string folder = Folder("disk");
        s_program.Case("disk_is_full", arguments: folder).With("QUARRY_CONF", "profile:exact").Start()
            .ExpectSuccess();
        AssertCut(TheOnlyProfile(folder));
    }

    [Fact]
    public void Limit_on_the_size_of_files_is_kept()
    {
        LibraryUnderTest.RequireQuarry();
        string folder = Folder("limited");
        s_program.Case("files_are_limited", arguments: ["1000000", $"{folder}/p"])
            .With("QUARRY_CONF", "profile:exact").Start().ExpectSuccess();
        AssertCut(TheOnlyProfile(folder));
    }

    [Fact]
    public void Maximum_size_of_the_file_is_kept()
    {
        string folder = Folder("maximum");
        Run("many_sites", folder, "profile:exact,profile_max:512K").Start().ExpectSuccess();
        ProfileContents profile = TheOnlyProfile(folder);
        Assert.True(profile.FileSize <= 512 * 1024);
        AssertCut(profile);
    }

    /// <summary>As on kernels before 5.14, which cannot allocate pages ahead.</summary>
    [Fact]
    public void Old_kernels_get_a_file_of_fixed_size()
    {
        LibraryUnderTest.RequireQuarry();
        string folder = Folder("old");
        Strace.Trace("-o", "/dev/null", "-e", "trace=madvise", "-e", "inject=madvise:error=EINVAL",
            "-E", $"QUARRY_PROFILE={folder}/p", "-E", "QUARRY_CONF=profile:exact",
            s_program.Path, "many_sites").Start().ExpectSuccess();
        ProfileContents profile = TheOnlyProfile(folder);
        Assert.Equal(1UL << 14, profile.Figure(112, "blocks"));
        Assert.Equal((long)profile.Header.End, profile.FileSize);
    }

    [Theory]
    [InlineData("/proc/p", "cannot create the file|no permission|no such folder")]
    [InlineData("/no-such-folder/p", "no such folder")]
    public void Program_runs_without_a_profile_if_there_can_be_none(string prefix, string message)
    {
        LibraryUnderTest.RequireQuarry();
        Outcome outcome = s_program.Case("ends_at_once").With("QUARRY_PROFILE", prefix).Start()
            .ExpectSuccess();
        Assert.Matches(
            $"^quarry: QUARRY_PROFILE: ({message}) '{prefix}\\.[0-9]+\\.qprof'; no profile is recorded\n$",
            outcome.Errors);
    }

    [Fact]
    public void Program_runs_without_a_profile_if_files_are_limited_too_much()
    {
        LibraryUnderTest.RequireQuarry();
        string folder = Folder("tiny");
        Outcome outcome = s_program.Case("files_are_limited", arguments: ["1000", $"{folder}/p"]).Start()
            .ExpectSuccess();
        Assert.Contains("the limit on the size of files is too low", outcome.Errors);
        Assert.Empty(Directory.GetFiles(folder));
    }

    [Fact]
    public void Handlers_that_allocate_lose_events_only()
    {
        string folder = Folder("handler");
        Outcome outcome = Start("handler_allocates", folder);
        ProfileContents profile = TheOnlyProfile(folder);
        string[] lines = [.. outcome.Output.Split('\n').Where(line => !line.Contains("at_most"))];
        AssertFigures(outcome with { Output = string.Join('\n', lines) }, profile);
        ulong handled = ulong.Parse(outcome.Output.Split("at_most ")[1].Trim(), CultureInfo.InvariantCulture);
        ulong recorded = profile.Figure(144, "blocks");

        // Each call of the handler is two events, of which a lost one is counted.
        Assert.InRange(recorded, handled - Math.Min(handled, profile.Header.Losses.Nested), handled);
        AssertSums(profile);
    }

    [Fact]
    public void Unloaded_module_is_listed()
    {
        string folder = Folder("module");
        string plugin = Compiler.Build("profile_plugin.c", "profile_plugin.so", "gcc", "-shared", "-fPIC");
        Outcome outcome = Run("module_is_unloaded", folder, arguments: plugin).Start().ExpectSuccess();
        ProfileContents profile = TheOnlyProfile(folder);
        AssertFigures(outcome, profile);
        ProfileSite site = profile.Allocations.Single(entry => entry.MinSize == 112);
        ulong caller = profile.Stacks[site.StackOffset].Addresses[0];
        ProfileModule module = profile.Modules.Single(entry => entry.Path == plugin).Module;
        Assert.InRange(caller, module.Start, module.End);
    }

    [Fact]
    public void Recording_goes_on_when_threads_are_killed()
    {
        string folder = Folder("ended");
        Outcome outcome = Start("threads_are_killed", folder);
        AssertFigures(outcome, TheOnlyProfile(folder));
    }

    [Fact]
    public void Ad_hoc_events_have_sites_of_their_own()
    {
        string folder = Folder("events");
        Start("events_are_reported", folder);
        ProfileContents profile = TheOnlyProfile(folder);
        ProfileSite site = profile.Sites.Except(profile.Allocations).Single();
        Assert.Equal((5500UL, 10UL << ProfileHeader.BlockBits), (site.Bytes, site.Blocks));
        Assert.Equal((100UL, 1000UL, 0UL), (site.MinSize, site.MaxSize, site.LiveBytes));
        Assert.Equal(1UL, profile.Figure(112, "blocks"));
        AssertSums(profile);
    }

    [Fact]
    public void Nothing_is_mapped_without_the_variable()
    {
        LibraryUnderTest.RequireQuarry();
        s_program.Passes("nothing_is_mapped");
    }

    [Fact]
    public void Children_of_another_process_are_not_recorded()
    {
        string folder = Folder("parent");
        Run("figures_of_sites", folder, "profile:exact,profile_parent:1").Start().ExpectSuccess();
        Assert.Empty(Directory.GetFiles(folder));
    }

    [Fact]
    public void Every_case_is_named() => s_program.HasExactly(s_cases);

    internal static string Folder(string name) =>
        Repository.FreshFolder($"profile-{name}-{Guid.NewGuid():N}");

    internal static Run Run(
        string name, string folder, string options = "profile:exact", params string[] arguments) =>
        Run(s_program, name, folder, options, arguments);

    internal static Run Run(
        TestProgram program, string name, string folder, string options, params string[] arguments)
    {
        LibraryUnderTest.RequireQuarry();
        return program.Case(name, arguments: arguments).With("QUARRY_PROFILE", $"{folder}/p")
            .With("QUARRY_CONF", options);
    }

    internal static ProfileContents TheOnlyProfile(string folder) =>
        new(Assert.Single(Directory.GetFiles(folder)));

    internal static void AssertSums(ProfileContents profile)
    {
        ProfileTotals totals = profile.Header.Totals;
        Assert.Equal(totals.Bytes, ProfileContents.Sum(profile.Allocations, site => site.Bytes));
        Assert.Equal(totals.Blocks, ProfileContents.Sum(profile.Allocations, site => site.Blocks));
        Assert.Equal(totals.LiveBytes, ProfileContents.Sum(profile.Allocations, site => site.LiveBytes));
        Assert.Equal(totals.LiveBlocks, ProfileContents.Sum(profile.Allocations, site => site.LiveBlocks));
        Assert.Equal(totals.PeakBytes, ProfileContents.Sum(profile.Allocations, profile.AtPeak));
        Assert.All(profile.Allocations, site => Assert.True(
            profile.AtPeak(site) <= site.MaxBytes && site.MaxBytes <= site.Bytes
            && site.Bytes <= site.UsableBytes && site.LiveBytes <= site.MaxBytes));
    }

    private static Outcome Start(string name, string folder) => Run(name, folder).Start().ExpectSuccess();

    private static void AssertFigures(Outcome outcome, ProfileContents profile)
    {
        string[] lines = outcome.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.NotEmpty(lines);
        foreach (string line in lines)
        {
            string[] parts = line.Split(' ');
            ulong expected = Number(parts[2]), actual = profile.Figure(Number(parts[0]), parts[1]);

            // A time is at least what the program slept, and not much more.
            if (parts[1] == "lifetime_ms")
                Assert.InRange(actual, expected, expected + 5000);
            else
                Assert.True(expected == actual, $"{line}, but the profile has {actual}");
        }
    }

    /// <summary>What found room is intact, and what did not is counted at the site of unknown ones.</summary>
    private static void AssertCut(ProfileContents profile)
    {
        AssertSums(profile);
        Assert.InRange(profile.FileSize, 100_000, 1 << 20);
        ProfileSite unknown = profile.Allocations.Single(
            site => profile.Stacks[site.StackOffset].Flags == ProfileStackFlags.Unknown);
        Assert.Equal(profile.Header.Losses.NoRoom, unknown.Samples);

        // The C library's buffers may be at that site as well.
        ulong own = profile.Figure(112, "blocks") + (unknown.MinSize == 112 ? 0 : unknown.Samples);
        Assert.InRange(own, 1UL << 14, (1UL << 14) + 4);
        Assert.True(profile.Header.Losses.NoRoom > 1000);
    }

    private static ulong Number(string text) =>
        ulong.Parse(text, NumberStyles.AllowThousands, CultureInfo.InvariantCulture);
}
