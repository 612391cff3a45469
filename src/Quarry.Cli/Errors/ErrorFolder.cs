using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.Json;
using Quarry.Cli.Running;

namespace Quarry.Cli.Errors;

/// <summary>
/// A private folder in which the processes of a run report errors; disposing deletes it.
/// </summary>
internal sealed class ErrorFolder : IDisposable
{
    private const string FileName = "process";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("quarry-");

    /// <summary>Makes each process with this environment report to the folder.</summary>
    internal void Announce(EnvironmentBlock environment) =>
        environment.Set("QUARRY_ERRORS", Path.Combine(_folder.FullName, FileName));

    /// <summary>Reads the errors, by process and then in their order.</summary>
    internal IReadOnlyList<MemoryError> Read() =>
    [
        .. _folder.EnumerateFiles(FileName + ".*").OrderBy(file => file.CreationTimeUtc)
            .SelectMany(file => File.ReadLines(file.FullName))
            .Select(Parse)
            .OfType<MemoryError>(),
    ];

    /// <summary>Reads one error; null if its process was killed while it wrote.</summary>
    private static MemoryError? Parse(string line)
    {
        try
        {
            return JsonSerializer.Deserialize(line, ErrorJson.Default.MemoryError);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    public void Dispose()
    {
        try
        {
            _folder.Delete(recursive: true);
        }
        catch (IOException)
        {
            // A child that outlives the program reported meanwhile; the system clears the folder some day.
        }
    }
}
