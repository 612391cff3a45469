using System;
using System.IO;
using System.Linq;
using Quarry.Cli.Profiles.Model;
using Quarry.Profiles;
using Xunit;

namespace Quarry.Cli.Tests.Profiles;

/// <summary>Attaching to programs on the library that have no profile file.</summary>
public sealed class AttachAtRunTimeTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private RunningProgram StartC(params string[] before) => RunningProgram.StartAndWait(
        [.. before, Tool.Path, "run", "--", Installed.CompileC(_folder.FullName, RunningProgram.Source)]);

    private Profile Attach(RunningProgram program)
    {
        string prefix = _folder.File($"attached-{Guid.NewGuid():N}");
        Outcome result = Tool.Run(
            "profile", "--attach", program.IdText, "--exact", "--for", "1s", "--output", prefix);
        Assert.True(result.ExitCode == 0, result.Errors);
        return Profile.Load(Assert.Single(
            Directory.GetFiles(_folder.FullName, Path.GetFileName(prefix) + ".*.qprof")));
    }

    private static void AssertHas(Profile profile, string function) =>
        Assert.Contains(profile.Sites.SelectMany(s => s.Frames), f => f.Function == function);

    [Fact]
    public void C_program_gets_a_file_and_deletes_it_at_exit()
    {
        using RunningProgram program = StartC();
        AssertHas(Attach(program), "allocate_blocks");
        string file = program.Profile()!;
        Assert.Equal(RecordingMode.Off, ProfileFile.Open(file).Mode);

        // The second attach uses the same file.
        AssertHas(Attach(program), "allocate_blocks");
        Assert.Equal(file, program.Profile());
        program.End();
        Assert.False(File.Exists(file));
    }

    [Fact]
    public void Program_that_ends_while_it_is_recorded_leaves_its_profile()
    {
        using RunningProgram program = StartC();
        using BackgroundRun attacher = StartAttacher(program, "ended");
        program.End();
        _ = attacher.Wait().ExpectSuccess();
        AssertHas(
            Profile.Load(Assert.Single(Directory.GetFiles(_folder.FullName, "ended.*"))), "allocate_blocks");
    }

    [Fact]
    public void Process_stops_recording_when_its_attacher_is_killed()
    {
        using RunningProgram program = StartC();
        KillAttacher(program);

        // Before its lease is over, another attacher follows; the process returns to what was there before.
        AssertHas(Attach(program), "allocate_blocks");
        Assert.Equal(RecordingMode.Off, ProfileFile.Open(program.Profile()!).Mode);

        KillAttacher(program);
        Eventually.True(() => ProfileFile.Open(program.Profile()!).Mode == RecordingMode.Off);
        AssertHas(Attach(program), "allocate_blocks");
    }

    [Fact]
    public void Python_is_recorded()
    {
        Assert.SkipUnless(File.Exists("/usr/bin/python3"), "python3 is not on this machine");
        using RunningProgram program = RunningProgram.StartAndWait(Tool.Path, "run", "--",
            "/usr/bin/python3", "-uc",
            "import sys, select\nprint(1)\n" +
            "while not select.select([sys.stdin], [], [], 0.001)[0]: [bytearray(i) for i in range(9999)]");
        Assert.NotEmpty(Attach(program).Sites);
        program.End();
    }

    [Fact]
    public void Dotnet_program_loads_a_hook()
    {
        using RunningProgram program = RunningProgram.Start(
            Tool.Path, "run", "--", "dotnet", ProfileCommandTests.Allocating, "--wait");
        Eventually.True(() => program.Mapped("Allocating.dll") is not null);
        AssertHas(Attach(program), "Quarry.Allocating.Program.Sorted (lambda)");
        Assert.NotNull(program.Mapped("libquarry.hook.dll (deleted)"));
        Assert.Empty(Directory.GetDirectories("/tmp", "quarry-hook-*"));
    }

    [Fact]
    public void Process_in_another_namespace_is_recorded()
    {
        SkipUnless("unshare", "-pfm", "--mount-proc", "true");
        using RunningProgram program = StartC("unshare", "-pfm", "--mount-proc", "--kill-child")
            .AtLastChild();
        Assert.NotEqual(program.IdText, program.FirstLine);
        AssertHas(Attach(program), "allocate_blocks");
        Assert.EndsWith($".{program.FirstLine}.qprof", program.Profile(), StringComparison.Ordinal);
    }

    [Fact]
    public void Folders_that_permit_no_file_are_passed_over()
    {
        // In a mount namespace of its own, the program has a read-only /tmp and a /var/tmp without space.
        const string Mounts = "mount -t tmpfs -o ro,mode=1777 t /tmp && " +
            "mount -t tmpfs -o size=32k,mode=1777 t /var/tmp && ";
        SkipUnless("unshare", "-m", "sh", "-c", Mounts + $"test -x {Tool.Path}");
        string built = Installed.CompileC(_folder.FullName, RunningProgram.Source);
        string home = $"mount --bind {Path.GetDirectoryName(built)} /mnt && ";
        SkipUnless("unshare", "-m", "sh", "-c", home + "true");
        string start = $"exec {Tool.Path} run -- /mnt/{Path.GetFileName(built)}";
        using (RunningProgram program = RunningProgram.StartAndWait(
            "unshare", "-m", "sh", "-c", home + Mounts + start))
        {
            AssertHas(Attach(program), "allocate_blocks");
            Assert.StartsWith("/dev/shm/", program.Profile(), StringComparison.Ordinal);
        }

        const string NoMemory = "mount -t tmpfs -o ro,mode=1777 t /dev/shm && ";
        using RunningProgram refused = RunningProgram.StartAndWait(
            "unshare", "-m", "sh", "-c", home + Mounts + NoMemory + start);
        string line = Tool.Run("profile", "--attach", refused.IdText).RefusalLine(2);
        Assert.Contains("/tmp: Read-only file system", line, StringComparison.Ordinal);
        Assert.Contains("/var/tmp: No space left on device", line, StringComparison.Ordinal);
        Assert.False(refused.HasEnded);
    }

    private void KillAttacher(RunningProgram program)
    {
        using BackgroundRun attacher = StartAttacher(program, "killed");
        attacher.Kill();
    }

    /// <summary>Starts an attacher without a limit of time, and waits until the program records.</summary>
    private BackgroundRun StartAttacher(RunningProgram program, string prefix)
    {
        BackgroundRun attacher = Tool.Begin(
            "profile", "--attach", program.IdText, "--exact", "--output", _folder.File(prefix));
        Eventually.True(() => IsRecorded(program));
        return attacher;
    }

    private static bool IsRecorded(RunningProgram program)
    {
        try
        {
            return program.Profile() is { } file && ProfileFile.Open(file).Mode == RecordingMode.Exact;
        }
        catch (ProfileFormatException)
        {
            // It is being created.
            return false;
        }
    }

    private static void SkipUnless(params string[] words)
    {
        Outcome outcome = new Run(words[0], words[1..]).Start();
        Assert.SkipUnless(outcome.ExitCode == 0, $"{string.Join(' ', words)}: {outcome.Errors.Trim()}");
    }
}
