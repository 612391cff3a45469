using System;
using System.IO;
using System.Threading;
using Quarry.Cli.Profiles.Recording;
using Quarry.Profiles;
using Quarry.Tools;

namespace Quarry.Cli.Profiles.Live;

/// <summary>Reads the profile file of a running process.</summary>
internal static class LiveFile
{
    // An idle process does not answer, and its figures do not change.
    private static readonly TimeSpan s_patience = TimeSpan.FromMilliseconds(120);

    /// <summary>Asks the process for fresh figures and reads them.</summary>
    /// <exception cref="QuarryException">The file is not a valid profile.</exception>
    internal static ProfileFile Read(TargetProcess process)
    {
        try
        {
            Update(process);
            return ProfileFile.Open(process.ProfileFile);
        }
        catch (ProfileFormatException e)
        {
            throw new QuarryException($"{process.ProfileFile}: {e.Message}");
        }
    }

    /// <summary>
    /// Nothing is kept open between two calls, so that others can control the process meanwhile.
    /// </summary>
    private static void Update(TargetProcess process)
    {
        try
        {
            using ProfileController controller = ProfileController.Open(process.ProfileFile);
            _ = controller.Send(RecordingCommand.Update, 0, s_patience, CancellationToken.None);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Another program controls the process and may be recording it, or the file is read-only for this
            // user: the figures are those of the last slow path.
        }
    }
}
