using System;
using System.Globalization;
using System.IO;
using Quarry.Cli.Profiles.Names;
using Quarry.Cli.Running;

namespace Quarry.Cli.Profiles.Recording;

/// <summary>
/// A private folder in which the .NET processes of a run leave the names of their methods when they end;
/// disposing deletes it.
/// </summary>
internal sealed class RundownFolder : IDisposable
{
    private const string Extension = ".nettrace";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("quarry-names-");
    private bool _isAnnounced;

    /// <summary>
    /// Makes .NET processes with this environment write the names. Other programs ignore the variables.
    /// </summary>
    internal void Announce(EnvironmentBlock environment)
    {
        // A user who records events on his own gets them; names are missing then.
        if (environment.Get("DOTNET_EnableEventPipe") is "1")
        {
            return;
        }

        _isAnnounced = true;
        environment.Set("DOTNET_EnableEventPipe", "1");
        environment.Set("DOTNET_EventPipeConfig", RuntimeEvents.Configuration);
        environment.Set("DOTNET_EventPipeOutputPath", Path.Combine(_folder.FullName, "{pid}" + Extension));
    }

    /// <summary>Gets the recording of a process; null if it left none.</summary>
    /// <param name="processId">The ID, as the process itself sees it.</param>
    internal string? Find(int processId)
    {
        string file = Path.Combine(
            _folder.FullName, processId.ToString(CultureInfo.InvariantCulture) + Extension);
        return _isAnnounced && File.Exists(file) ? file : null;
    }

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
