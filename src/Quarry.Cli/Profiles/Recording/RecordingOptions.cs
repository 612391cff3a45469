using System;
using System.Globalization;
using Quarry.Tools.Running;

namespace Quarry.Cli.Profiles.Recording;

/// <summary>What is to be recorded.</summary>
/// <param name="IsExact">Whether every allocation is recorded.</param>
/// <param name="Interval">The mean number of bytes between samples; null for the default.</param>
/// <param name="WithChildren">Whether child processes record, each one to its own file.</param>
internal sealed record RecordingOptions(bool IsExact, long? Interval, bool WithChildren)
{
    /// <summary>Makes the processes with this environment record.</summary>
    internal void Announce(EnvironmentBlock environment, string prefix)
    {
        environment.Set("QUARRY_PROFILE", prefix);
        Add(environment, IsExact ? "profile:exact" : "profile:sampled");
        if (Interval is { } interval)
        {
            Add(environment, string.Create(CultureInfo.InvariantCulture, $"sample:{interval}"));
        }

        if (!WithChildren)
        {
            // A program that another one becomes, such as a script's interpreter, has the same parent.
            Add(environment, string.Create(
                CultureInfo.InvariantCulture, $"profile_parent:{Environment.ProcessId}"));
        }
    }

    private static void Add(EnvironmentBlock environment, string option) =>
        environment.Append("QUARRY_CONF", option, ',');
}
