using System;
using System.IO;
using System.Linq;
using Quarry.Native.Tests.Harness;
using Xunit;

namespace Quarry.Native.Tests;

/// <summary>A core dump contains the committed part of the heap and not its reserved address space.</summary>
public sealed class CoreDumpTests : IDisposable
{
    // The heap commits less than 100 MiB, most of which is never touched; it reserves 64 GiB.
    private const int MostMebibytes = 256;

    private static readonly TestProgram s_program = new("core_dump.c");

    private readonly string _core = Path.Combine(Repository.Artifacts, $"core-{Guid.NewGuid():N}");

    [Fact]
    public void The_debugger_dumps_what_is_committed()
    {
        LibraryUnderTest.RequireQuarry();
        Outcome outcome = Dump().Start().ExpectSuccess();
        Assert.SkipWhen(outcome.Errors.Contains("ptrace: Operation not permitted"), "gdb may not trace here");
        Assert.True(File.Exists(_core), outcome.ToString());
        byte[] alphabet = [.. Enumerable.Range('A', 26).Select(letter => (byte)letter)];
        byte[] text = [.. alphabet, .. alphabet.Reverse()];
        Assert.True(Contains(_core, text), "the contents of a block are missing");
        Assert.InRange(new FileInfo(_core).Length, 1, (long)MostMebibytes << 20);
    }

    [Fact]
    public void Every_case_is_named() => s_program.HasExactly("stops_for_the_debugger");

    public void Dispose() => File.Delete(_core);

    /// <summary>Runs the program in the debugger until it stops, with a limit on what is written.</summary>
    private Run Dump()
    {
        const string Limited = "ulimit -f $1; shift; exec \"$@\"";
        const int BlocksPerMebibyte = 2048;
        return new Run("/bin/sh", "-c", Limited, "sh", $"{4 * MostMebibytes * BlocksPerMebibyte}",
            Tool.Require("gdb"), "-nx", "-batch",
            "-ex", $"set environment LD_PRELOAD {LibraryUnderTest.Preload}",
            "-ex", "set startup-with-shell off",
            "-ex", "run",
            "-ex", $"gcore {_core}",
            "-ex", "kill",
            "--args", s_program.Path, "stops_for_the_debugger")
        {
            Seconds = 120,
        };
    }

    private static bool Contains(string file, byte[] text)
    {
        const int Step = 1 << 20;
        using FileStream stream = File.OpenRead(file);
        byte[] buffer = new byte[Step + text.Length];
        for (int kept = 0, read; (read = stream.Read(buffer, kept, Step)) > 0;)
        {
            ReadOnlySpan<byte> filled = buffer.AsSpan(0, kept + read);
            if (filled.IndexOf(text) >= 0)
            {
                return true;
            }

            kept = Math.Min(filled.Length, text.Length - 1);
            filled[^kept..].CopyTo(buffer);
        }

        return false;
    }
}
