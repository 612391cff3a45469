using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Microsoft.Win32.SafeHandles;
using Quarry.Cli.Profiles.Model;
using Quarry.Cli.Profiles.Names;
using Quarry.Profiles;
using Quarry.Tools.Benchmarking;
using Quarry.Tools.Output;

namespace Quarry.Cli.Profiles.Recording;

/// <summary>
/// Adds the names to profile files, which can then be read on any machine, and the managed allocations.
/// </summary>
internal static class NameAppender
{
    /// <summary>Adds both to the profile of a process that has ended.</summary>
    /// <param name="path">The profile.</param>
    /// <param name="events">The events of the runtime, if it was a .NET process.</param>
    /// <param name="root">The root folder of the process, such as <c>/proc/PID/root</c>; or "".</param>
    /// <exception cref="ProfileFormatException">The file is not a valid profile.</exception>
    /// <exception cref="IOException">The file cannot be read or written.</exception>
    internal static void Append(string path, RuntimeEvents events, string root = "")
    {
        ProfileFile file = ProfileFile.Open(path);
        ManagedCode managed = ManagedCode.Of(events.Methods(), root);
        NameResolver resolver = new(file, managed, root);
        Dictionary<ulong, IReadOnlyList<Frame>> names = BenchmarkProgress.Show(
            Terminal.Error.CreateConsole(),
            file.Modules.DistinctBy(m => m.Path).Count(),
            step => resolver.Resolve(file.Sites, module => step($"reading symbols of {module}")));
        ProfileFile.AddNames(path, NamesRecord.Write(names));
        if (!events.Objects.IsEmpty)
        {
            ProfileFile.AddManaged(path, events.Objects.Resolve(managed, new ModuleFrames(file)).Write());
        }

        Trim(path);
    }

    /// <summary>
    /// A process maps more than it uses and cuts the rest off when it exits; one that was killed does not.
    /// </summary>
    private static void Trim(string path)
    {
        long end = ProfileFile.Open(path).FileBytes;
        using SafeFileHandle file = UnlockedFile.Open(path, FileAccess.ReadWrite);
        if (RandomAccess.GetLength(file) > end)
        {
            RandomAccess.SetLength(file, end);
        }
    }
}
