using System;
using System.Diagnostics.Tracing;
using System.Globalization;
using System.IO;
using Quarry.Cli.Profiles.Names;
using Quarry.Tools.Running;

namespace Quarry.Cli.Profiles.Recording;

/// <summary>
/// A private folder in which the .NET processes of a run leave their sampled objects and, when they end, the
/// names of their methods; disposing deletes it.
/// </summary>
internal sealed class RundownFolder : IDisposable
{
    private const string Extension = ".nettrace";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("quarry-names-");

    /// <summary>
    /// Makes .NET processes with this environment write both. Other programs ignore the variables.
    /// </summary>
    internal void Announce(EnvironmentBlock environment) =>
        Announce(environment, RuntimeEvents.Keywords, EventLevel.Informational);

    /// <summary>Makes .NET processes with this environment write the names of their methods.</summary>
    internal void AnnounceMethods(EnvironmentBlock environment) =>
        Announce(environment, RuntimeEvents.NoKeywords, EventLevel.Critical);

    private void Announce(EnvironmentBlock environment, long keywords, EventLevel level)
    {
        // A user who records events on his own gets them; ours are missing then.
        if (environment.Get("DOTNET_EnableEventPipe") is "1")
        {
            return;
        }

        environment.Set("DOTNET_EnableEventPipe", "1");
        environment.Set("DOTNET_EventPipeConfig", string.Create(CultureInfo.InvariantCulture,
            $"{RuntimeEvents.Provider}:0x{keywords:x}:{(int)level}"));
        environment.Set("DOTNET_EventPipeOutputPath", Path.Combine(_folder.FullName, "{pid}" + Extension));
    }

    /// <summary>Gets the path for the latest rundown of a process that may be killed.</summary>
    /// <param name="processId">The ID of the process.</param>
    internal string LatestOf(int processId) => PathOf(processId, ".latest");

    /// <summary>Reads what a process that has ended has left.</summary>
    /// <param name="processId">The ID of the process.</param>
    internal RuntimeEvents Read(int processId)
    {
        RuntimeEvents events = new();
        Read(PathOf(processId, ""), events);
        if (!events.HasRundown)
        {
            ReadLatest(processId, events);
        }

        return events;
    }

    /// <summary>Adds the latest rundown of a process that was killed.</summary>
    /// <param name="processId">The ID of the process.</param>
    /// <param name="events">Gets the methods.</param>
    internal void ReadLatest(int processId, RuntimeEvents events) => Read(LatestOf(processId), events);

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

    private static void Read(string path, RuntimeEvents events)
    {
        if (File.Exists(path))
        {
            using FileStream stream = File.OpenRead(path);
            events.Read(stream);
        }
    }

    private string PathOf(int processId, string suffix) => Path.Combine(
        _folder.FullName, processId.ToString(CultureInfo.InvariantCulture) + suffix + Extension);
}
