using System;
using Quarry.Profiles;

namespace Quarry.Cli.Profiles.Formats;

/// <summary>A sample type of a pprof profile.</summary>
/// <param name="Name">The name.</param>
/// <param name="Unit">The unit: bytes or count.</param>
/// <param name="Value">Gets the figure of a site.</param>
internal sealed record PprofType(string Name, string Unit, Func<RecordedSite, double> Value);
