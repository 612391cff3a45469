using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using Quarry.Tools.Allocators;
using Quarry.Tools.Output;
using Quarry.Tools.Posix;
using Quarry.Tools.Running;

namespace Quarry.Tools.Benchmarking;

/// <summary>What a reader must know of the machine to judge the figures.</summary>
internal sealed record BenchmarkMachine(
    string Processor, int Cores, string Memory, string System, string Kernel, IReadOnlyList<string> Libraries)
{
    internal static BenchmarkMachine Describe(IEnumerable<Allocator> allocators) => new(
        ReadProcessor(),
        Environment.ProcessorCount,
        ByteSize.Format(ProcFile.ReadKiB("/proc/meminfo", "MemTotal") ?? 0),
        Field("/etc/os-release", "PRETTY_NAME", '=').Trim('"'),
        File.ReadAllText("/proc/sys/kernel/osrelease").Trim().Split('-')[0],
        [.. allocators.Select(Version)]);

    /// <summary>Gets the name of the processor.</summary>
    internal static string ReadProcessor() => Field("/proc/cpuinfo", "model name", ':');

    private static string Version(Allocator allocator)
    {
        if (allocator.IsQuarry)
        {
            return "quarry " + typeof(Allocator).Assembly.GetName().Version!.ToString(3);
        }

        if (allocator.Library is null)
        {
            return Output("getconf", "GNU_LIBC_VERSION") ?? "libc";
        }

        // The target of the link carries more of the version than its name; Debian's package says all of it.
        string library = allocator.Library;
        string file = File.ResolveLinkTarget(library, returnFinalTarget: true)?.FullName ?? library;
        string? package = Output("dpkg-query", "-S", file)?.Split(": ")[0];
        string? version = package is null ? null : Output("dpkg-query", "-W", "-f", "${Version}", package);
        return $"{allocator.Name} {version ?? Path.GetFileName(file)}";
    }

    private static string Field(string file, string name, char separator) =>
        File.ReadLines(file).FirstOrDefault(line => line.StartsWith(name, StringComparison.Ordinal))
            ?.Split(separator, 2)[1].Trim() ?? "unknown";

    private static string? Output(string program, params string[] arguments) =>
        ProgramOutput.TryRead(program, arguments) is { ExitCode: 0 } read
            && read.Output.Trim() is { Length: > 0 } text
            ? text
            : null;

    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"{Processor}, {Cores} cores, {Memory}; {System}, Linux {Kernel}; {string.Join(", ", Libraries)}");
}
