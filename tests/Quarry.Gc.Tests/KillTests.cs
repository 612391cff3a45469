using System;
using System.IO;
using System.Linq;
using System.Threading;
using Quarry.Gc.Tests.Harness;
using Xunit;

namespace Quarry.Gc.Tests;

/// <summary>A killed process leaves no files: the heap consists of memory only.</summary>
public sealed class KillTests
{
    [Fact]
    public void A_killed_process_leaves_no_files()
    {
        string temporary = Repository.FreshFolder("killed");
        string[] before = SharedMemory();
        string[] files = Directory.GetFiles(temporary);
        Random random = new(20);
        for (int round = 0; round < 10; round++)
        {
            // Without the sockets and pipes of the runtime's diagnostics, which would stay.
            Run run = Run.Ours("threads").With("TMPDIR", temporary).With("DOTNET_EnableDiagnostics", "0");
            using BackgroundRun program = run.Begin();
            Thread.Sleep(random.Next(150));
            program.Kill();
            int exitCode = program.Wait().ExitCode;
            Assert.True(exitCode is 137 or 0);
            Assert.False(Directory.Exists($"/proc/{program.Id}"));
        }

        Assert.Equal(files, Directory.GetFiles(temporary));
        Assert.Empty(Directory.GetDirectories(temporary));
        Assert.DoesNotContain(
            SharedMemory().Except(before),
            file => file.Contains("quarry", StringComparison.OrdinalIgnoreCase));
    }

    private static string[] SharedMemory() =>
        Directory.Exists("/dev/shm") ? Directory.GetFileSystemEntries("/dev/shm") : [];
}
