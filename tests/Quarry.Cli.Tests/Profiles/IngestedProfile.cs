using System.Collections.Generic;

namespace Quarry.Cli.Tests.Profiles;

/// <summary>A request that <see cref="IngestServer"/> has received.</summary>
/// <param name="Target">The method and the path.</param>
/// <param name="Query">The parameters.</param>
/// <param name="Authorization">The header of that name.</param>
/// <param name="Parts">The files in the body.</param>
internal sealed record IngestedProfile(
    string Target, IReadOnlyDictionary<string, string> Query, string? Authorization,
    IReadOnlyDictionary<string, byte[]> Parts);
