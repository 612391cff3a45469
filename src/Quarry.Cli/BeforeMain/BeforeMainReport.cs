using System.Collections.Generic;

namespace Quarry.Cli.BeforeMain;

/// <summary>Represents the results for all languages.</summary>
/// <param name="Machine">The operating system, C library and architecture.</param>
/// <param name="Runs">The number of runs of each program.</param>
/// <param name="Languages">The languages that were measured.</param>
/// <param name="Skipped">The languages that were not.</param>
internal sealed record BeforeMainReport(
    string Machine,
    int Runs,
    IReadOnlyList<LanguageResult> Languages,
    IReadOnlyList<SkippedLanguage> Skipped);
