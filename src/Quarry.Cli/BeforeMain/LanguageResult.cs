using System.Collections.Generic;

namespace Quarry.Cli.BeforeMain;

/// <summary>What was measured of a language.</summary>
/// <param name="Name">Its name, as --language takes it.</param>
/// <param name="Title">Its name, as people write it.</param>
/// <param name="Tool">The compiler or runtime, and its version.</param>
/// <param name="BeforeMain">Up to the first statement of a program.</param>
/// <param name="ManagedObjects">Objects up to there; null where nobody can count them.</param>
/// <param name="Constructs">What its constructs allocate.</param>
internal sealed record LanguageResult(
    string Name,
    string Title,
    string Tool,
    Quantities BeforeMain,
    Quantity? ManagedObjects,
    IReadOnlyList<ConstructResult> Constructs);
