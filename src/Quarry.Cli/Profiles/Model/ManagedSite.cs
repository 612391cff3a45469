using System.Collections.Generic;

namespace Quarry.Cli.Profiles.Model;

/// <summary>The managed allocations of one type by one call stack.</summary>
/// <param name="Type">The name of the type.</param>
/// <param name="Bytes">The size of the objects, in bytes; an estimate.</param>
/// <param name="Objects">The number of objects; an estimate.</param>
/// <param name="Samples">The number of samples.</param>
/// <param name="Frames">The frames, innermost first.</param>
internal sealed record ManagedSite(
    string Type, double Bytes, double Objects, long Samples, IReadOnlyList<Frame> Frames);
