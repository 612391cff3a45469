using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text;
using System.Threading;
using Microsoft.Win32.SafeHandles;
using Quarry.Tools.Posix;
using Quarry.Tools.Running;

namespace Quarry.Tools.Benchmarking;

/// <summary>Runs a program once and measures it from outside, as exactly as the kernel can tell.</summary>
/// <remarks>
/// <para>
/// The peak is the difficulty. The kernel keeps it per process across execve, and takes over the peak of the
/// memory image that execve replaces; with fork and vfork alike that is the parent's. Started from this .NET
/// process, every program would seem to need some 50 MiB. So a shell, which is small, forks:
/// </para>
/// <list type="number">
/// <item>a shell forks a subshell, which tells its id and waits at a gate (a read from a pipe);</item>
/// <item>the shell is killed, and the subshell becomes a child of this process, a "subreaper";</item>
/// <item>the clock starts, the gate opens, the subshell becomes the program by execve;</item>
/// <item>wait4 returns times and peak of the program and of the descendants it waited for.</item>
/// </list>
/// <para>What is left of the shell in the figures: about 0.5 MiB as the least peak, and a few tenths of a
/// millisecond.</para>
/// </remarks>
/// <param name="call">The program.</param>
/// <param name="timeLimit">When a run counts as hung.</param>
/// <param name="showOutput">Whether the program's output goes to this process's own, or nowhere.</param>
internal sealed class GatedLauncher(ProgramCall call, TimeSpan timeLimit, bool showOutput)
{
    private const int IdDescriptor = 8;
    private const int GateDescriptor = 9;

    // All of it is built into the shell. The no-op at the end keeps a shell from becoming its last command
    // without forking. A foreground subshell: one in the background would ignore SIGINT.
    private const string Script =
        """
        preload=$1; shift
        (
            read -r id _ </proc/self/stat; echo "$id" >&8
            read -r _ <&9
            [ -z "$preload" ] || export LD_PRELOAD="$preload"
            exec "$@" 8>&- 9<&-
        )
        :
        """;

    internal Measurement Run(Contender contender, CancellationToken cancellation)
    {
        Descendants descendants = new();
        string errorFile = Path.GetTempFileName();
        try
        {
            using FileStream gate = Prepare(contender, errorFile, out ChildProcess child);
            using TimeLimit limit = new(child, timeLimit, cancellation);
            long start = Stopwatch.GetTimestamp();
            gate.WriteByte((byte)'\n');
            ProcessEnd end = child.Wait(out ResourceUsage usage);
            TimeSpan wall = Stopwatch.GetElapsedTime(start);

            limit.ThrowIfExceeded();
            return !end.Succeeded
                ? throw new RunFailedException($"{end}{ErrorOutput.LastLine(errorFile)}")
                : new Measurement(wall, usage.User + usage.System, usage.PeakResident);
        }
        finally
        {
            descendants.End();
            File.Delete(errorFile);
        }
    }

    /// <summary>Brings the future program to the gate.</summary>
    private FileStream Prepare(Contender contender, string errorFile, out ChildProcess child)
    {
        (SafeFileHandle idReader, SafeFileHandle idWriter) = CreatePipe();
        (SafeFileHandle gateReader, SafeFileHandle gateWriter) = CreatePipe();
        using FileStream ids = new(idReader, FileAccess.Read, bufferSize: 0);
        using SafeFileHandle closeIdWriter = idWriter;
        using SafeFileHandle closeGateReader = gateReader;
        using ProcessSpawner spawner = new();
        spawner.Open(0, "/dev/null", 0);
        if (!showOutput)
        {
            spawner.Open(1, "/dev/null", Constants.O_WRONLY);
            spawner.Open(2, errorFile, Constants.O_WRONLY);
        }

        spawner.Duplicate((int)idWriter.DangerousGetHandle(), IdDescriptor);
        spawner.Duplicate((int)gateReader.DangerousGetHandle(), GateDescriptor);

        // The library is for the program alone: in the shell it would raise the least peak.
        EnvironmentBlock environment = EnvironmentBlock.OfThisProcess();
        string preload = string.Join(':', new[] { contender.Library, environment.Get("LD_PRELOAD") }
            .Where(l => !string.IsNullOrEmpty(l)));
        environment.Remove("LD_PRELOAD");
        ChildProcess shell = spawner.Start(Shell(preload), environment);
        idWriter.Dispose();

        using StreamReader reader = new(ids, Encoding.ASCII);
        string? id = reader.ReadLine();
        shell.Signal(Constants.SIGKILL);
        _ = shell.Wait(out _);
        child = id is null
            ? throw new RunFailedException("/bin/sh could not start it" + ErrorOutput.LastLine(errorFile))
            : new ChildProcess(int.Parse(id, CultureInfo.InvariantCulture));
        return new FileStream(gateWriter, FileAccess.Write, bufferSize: 0);
    }

    private ProgramCall Shell(string preload)
    {
        List<byte[]> words =
        [
            .. new[] { "sh", "-c", Script, "sh", preload, call.Path }.Select(Encoding.UTF8.GetBytes),
            .. call.Arguments.Skip(1),
        ];
        return new ProgramCall("/bin/sh", words);
    }

    private static unsafe (SafeFileHandle Reader, SafeFileHandle Writer) CreatePipe()
    {
        int* ends = stackalloc int[2];
        return Libc.Pipe2(ends, Constants.O_CLOEXEC) == 0
            ? (MoveUp(ends[0]), MoveUp(ends[1]))
            : throw new IOException("No pipe could be made.");

        // Above the numbers that the shell's ends get, so that no duplication hits the source of another.
        static SafeFileHandle MoveUp(int descriptor)
        {
            using SafeFileHandle low = new(descriptor, ownsHandle: true);
            int high = Libc.Fcntl(descriptor, Constants.F_DUPFD_CLOEXEC, GateDescriptor + 1);
            return new SafeFileHandle(high, ownsHandle: true);
        }
    }
}
