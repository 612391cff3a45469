using System;
using System.Globalization;
using System.IO;
using System.Linq;
using Quarry.Tools.Posix;

namespace Quarry.Tools.Running;

/// <summary>
/// Undoes what the .NET runtime changed in this process at its start and what survives execve, so that a
/// program begins as if its caller had started it.
/// </summary>
internal static class InheritedState
{
    /// <summary>
    /// The runtime raises the soft limit of open files to the hard one, which slows programs that walk all
    /// descriptors and breaks some that use select. What it was is gone; the parent's limit is the best
    /// witness.
    /// </summary>
    internal static unsafe void RestoreOpenFileLimit()
    {
        ulong* limit = stackalloc ulong[2];
        if (Libc.GetResourceLimit(Constants.RLIMIT_NOFILE, limit) == 0 &&
            ParentLimits() is var (current, maximum) && maximum == limit[1] && current < limit[0])
        {
            limit[0] = current;
            _ = Libc.SetResourceLimit(Constants.RLIMIT_NOFILE, limit);
        }
    }

    /// <summary>The runtime ignores SIGPIPE, and an ignored signal stays ignored across execve.</summary>
    internal static void RestoreBrokenPipeSignal() => Libc.Signal(Constants.SIGPIPE, Constants.SIG_DFL);

    /// <summary>
    /// The runtime names its socket by the ID and the start of the process, both of which survive execve: a
    /// .NET program would find its own name taken, and could be neither profiled nor debugged.
    /// </summary>
    internal static void RemoveDiagnosticsSocket()
    {
        try
        {
            string pattern = string.Create(
                CultureInfo.InvariantCulture, $"dotnet-diagnostic-{Environment.ProcessId}-*-socket");
            foreach (string socket in Directory.EnumerateFiles(Path.GetTempPath(), pattern))
            {
                File.Delete(socket);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The program runs without it.
        }
    }

    /// <summary>
    /// Were SIGCHLD ignored, the kernel would drop a child's status instead of keeping it for wait4. If it
    /// is not, it may be the runtime's own handler, which is left alone.
    /// </summary>
    internal static void StopIgnoringChildren()
    {
        ulong ignored = ulong.Parse(
            ProcFile.ReadField("/proc/self/status", "SigIgn") ?? "0",
            NumberStyles.HexNumber,
            CultureInfo.InvariantCulture);
        if ((ignored & (1UL << (Constants.SIGCHLD - 1))) != 0)
        {
            _ = Libc.Signal(Constants.SIGCHLD, Constants.SIG_DFL);
        }
    }

    private static (ulong Current, ulong Maximum)? ParentLimits()
    {
        try
        {
            string parent = ProcFile.ReadField("/proc/self/status", "PPid") ?? "";
            string? line = File.ReadLines($"/proc/{parent}/limits")
                .FirstOrDefault(l => l.StartsWith("Max open files", StringComparison.Ordinal));
            string[] words = line?.Split(' ', StringSplitOptions.RemoveEmptyEntries) ?? [];
            return words.Length >= 5 ? (Number(words[3]), Number(words[4])) : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static ulong Number(string word) =>
        word == "unlimited" ? ulong.MaxValue : ulong.Parse(word, CultureInfo.InvariantCulture);
}
