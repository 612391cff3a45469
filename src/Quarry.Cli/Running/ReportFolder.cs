using System;
using System.Collections.Generic;
using System.IO;
using Quarry.Tools.Running;

namespace Quarry.Cli.Running;

/// <summary>
/// A private folder in which the processes of a run write files of their own; disposing deletes it.
/// </summary>
/// <param name="variable">The environment variable that makes the allocator of a process write.</param>
internal abstract class ReportFolder(string variable) : IDisposable
{
    private const string FileName = "process";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("quarry-");

    internal string FullName => _folder.FullName;

    /// <summary>Gets the beginning of the path of each file.</summary>
    protected string Prefix => Path.Combine(FullName, FileName);

    /// <summary>Gets the files, one for each process.</summary>
    protected IEnumerable<FileInfo> Files => _folder.EnumerateFiles(FileName + ".*");

    /// <summary>Makes the allocator of each process with this environment write to the folder.</summary>
    internal void Announce(EnvironmentBlock environment) =>
        environment.Set(variable, Prefix);

    public void Dispose()
    {
        try
        {
            _folder.Delete(recursive: true);
        }
        catch (IOException)
        {
            // A child that outlives the program wrote a file after the others were deleted.
            if (_folder.Exists)
            {
                _folder.Delete(recursive: true);
            }
        }
    }
}
