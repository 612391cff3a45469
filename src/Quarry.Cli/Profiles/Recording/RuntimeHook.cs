using System;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Threading.Tasks;
using Microsoft.Diagnostics.NETCore.Client;
using Quarry.Tools.Allocators;
using Quarry.Tools.Posix;

namespace Quarry.Cli.Profiles.Recording;

/// <summary>
/// Has a .NET process create its profile file: a startup hook, which the runtime loads on request through its
/// diagnostics socket, calls the library. Needs no more than access to the socket.
/// </summary>
internal static class RuntimeHook
{
    private const string Hook = "libquarry.hook.dll";

    // A process that is stopped does not answer.
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(20);

    /// <summary>Tries to have the file created.</summary>
    /// <param name="id">The process.</param>
    /// <param name="prefixes">The prefixes of the path, as the process sees it, in order.</param>
    /// <returns>
    /// The error numbers of the attempts, of which the last one may be 0; empty if the hook did not run.
    /// </returns>
    internal static int[] TryCreate(int id, string[] prefixes)
    {
        if (NativeFolder.Find(Hook) is not { } hook)
        {
            return [];
        }

        string name = $"quarry-hook-{Guid.NewGuid():N}";
        string folder = $"{TargetProcess.RootOf(id)}/tmp/{name}";
        try
        {
            _ = Directory.CreateDirectory(
                folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            string copy = Path.Combine(folder, Hook);
            File.Copy(hook, copy);
            File.WriteAllLines(Path.Combine(folder, "request"), prefixes);

            // Root can attach to the process of a user, who then reads and writes here.
            if (Owner(id) is { } owner && owner != Owner(Environment.ProcessId))
            {
                _ = Libc.ChangeOwner(folder, owner, uint.MaxValue);
            }

            Task call = Task.Run(() => new DiagnosticsClient(id).ApplyStartupHook($"/tmp/{name}/{Hook}"));
            string answer = Path.Combine(folder, "answer");
            return call.Wait(s_limit) && File.Exists(answer)
                ? [.. File.ReadLines(answer).Select(l => int.Parse(l, CultureInfo.InvariantCulture))]
                : [];
        }
        catch (Exception e) when (e is DiagnosticsClientException or IOException or TimeoutException
            or AggregateException or UnauthorizedAccessException)
        {
            // The runtime has diagnostics or hooks switched off, or is older than .NET 8.
            return [];
        }
        finally
        {
            if (Directory.Exists(folder))
            {
                Directory.Delete(folder, recursive: true);
            }
        }
    }

    private static uint? Owner(int id) =>
        ProcFile.ReadField($"/proc/{id}/status", "Uid") is { } ids
            ? uint.Parse(ids.Split('\t')[1], CultureInfo.InvariantCulture)
            : null;
}
