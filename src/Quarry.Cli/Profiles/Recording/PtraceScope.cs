using System;
using System.IO;

namespace Quarry.Cli.Profiles.Recording;

/// <summary>The restriction of debuggers by the Yama security module.</summary>
internal static class PtraceScope
{
    private const string Setting = "kernel.yama.ptrace_scope";
    private const string AtStart = "start it with QUARRY_PROFILE=PREFIX and QUARRY_CONF=profile:off";

    /// <summary>Describes what to do where debugging is refused.</summary>
    internal static string Advice() => Advice(Read());

    /// <param name="scope">The setting; "" on a system without the module.</param>
    internal static string Advice(string scope) => scope switch
    {
        "1" => $"{Setting} is 1, so that only its ancestors may; run this command as root, or {AtStart}",
        "2" => $"{Setting} is 2, so that only root may; run this command as root, or {AtStart}",
        "3" => $"{Setting} is 3, so that nobody may; {AtStart}",
        _ => $"run this command as its user, or as root; if the process has changed its rights, {AtStart}",
    };

    private static string Read()
    {
        try
        {
            return File.ReadAllText("/proc/sys/kernel/yama/ptrace_scope").Trim();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }
}
