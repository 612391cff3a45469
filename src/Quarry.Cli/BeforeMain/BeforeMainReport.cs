using System.Collections.Generic;

namespace Quarry.Cli.BeforeMain;

/// <summary>The outcome for all languages.</summary>
/// <param name="Machine">Operating system and C library.</param>
/// <param name="Runs">Runs of each program.</param>
/// <param name="Languages">Those that were measured.</param>
/// <param name="LeftOut">Those that were not.</param>
internal sealed record BeforeMainReport(
    string Machine,
    int Runs,
    IReadOnlyList<LanguageResult> Languages,
    IReadOnlyList<LeftOut> LeftOut);
