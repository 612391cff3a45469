using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;
using System.Threading;
using Quarry.Cli.Profiles.Model;
using Quarry.Cli.Profiles.Recording;
using Quarry.Profiles;
using Quarry.Tools;
using Quarry.Tools.Posix;

namespace Quarry.Cli.Profiles.Live;

/// <summary>
/// Takes profiles of a running process, with names. An instance can be used by several threads at once.
/// </summary>
internal sealed class ProfileTaker(TargetProcess process)
{
    private readonly Lock _lock = new();
    private readonly LiveNames _names = new(process);

    internal TargetProcess Process => process;

    /// <summary>The name of the program; of a .NET program that "dotnet" runs, its assembly.</summary>
    internal string Name { get; } = NameOf(process.Id);

    /// <summary>Takes a profile of this moment.</summary>
    /// <exception cref="QuarryException">The process has ended, or its file is not valid.</exception>
    internal Profile Take()
    {
        lock (_lock)
        {
            if (!process.IsRunning)
            {
                throw new QuarryException($"process {process.Id} has ended");
            }

            ProfileFile file = LiveFile.Read(process);
            _names.Learn(file, file.Sites);
            return new Profile(process.ProfileFile, file, _names);
        }
    }

    private static string NameOf(int id)
    {
        try
        {
            List<byte[]> commandLine = ProcFile.ReadStrings($"/proc/{id}/cmdline");
            List<string> words = [.. commandLine.Select(word => Encoding.UTF8.GetString(word))];
            string program = Path.GetFileName(words.FirstOrDefault() ?? "");
            string? assembly = program == "dotnet"
                ? words.Find(word => word.EndsWith(".dll", StringComparison.OrdinalIgnoreCase))
                : null;
            return assembly is not null ? Path.GetFileNameWithoutExtension(assembly)
                : program.Length > 0 ? program
                : "process";
        }
        catch (IOException)
        {
            return "process";
        }
    }
}
