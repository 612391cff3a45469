using System.Collections.Generic;

namespace Quarry.Cli.Profiles.Model;

/// <summary>The managed allocations of a type by the same stack in two profiles, or in one.</summary>
/// <param name="Type">The name of the type.</param>
/// <param name="Frames">The frames, innermost first; those of the later profile if it has them.</param>
/// <param name="Before">The sites of the earlier profile.</param>
/// <param name="After">The sites of the later profile.</param>
internal sealed record ManagedDiffSite(
    string Type, IReadOnlyList<Frame> Frames, IReadOnlyList<ManagedSite> Before,
    IReadOnlyList<ManagedSite> After);
