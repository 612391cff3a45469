using System.Collections.Generic;

namespace Quarry.Testing;

/// <summary>Code that allocated, as sampling found it.</summary>
/// <param name="TypeName">What was allocated.</param>
/// <param name="BytesPerRun">Bytes that a run allocated here, an estimate.</param>
/// <param name="Frames">The methods, from the one that allocated outwards to the asserted action.</param>
public sealed record AllocationSite(string TypeName, long BytesPerRun, IReadOnlyList<string> Frames)
{
    /// <inheritdoc/>
    public override string ToString() => $"{BytesPerRun} bytes of {TypeName} in {string.Join(" < ", Frames)}";
}
