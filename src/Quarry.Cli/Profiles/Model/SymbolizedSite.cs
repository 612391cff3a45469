using System.Collections.Generic;
using Quarry.Profiles;

namespace Quarry.Cli.Profiles.Model;

/// <summary>A site with the names of its frames.</summary>
/// <param name="Figures">The figures of the site.</param>
/// <param name="Frames">The frames, innermost first, inlined ones included.</param>
internal sealed record SymbolizedSite(RecordedSite Figures, IReadOnlyList<Frame> Frames);
