using System.Collections.Generic;

namespace Quarry.Cli.BeforeMain;

/// <summary>Represents the results for a language.</summary>
/// <param name="Name">The name for --language.</param>
/// <param name="Title">The name for display.</param>
/// <param name="Tool">The compiler or runtime, with its version.</param>
/// <param name="BeforeMain">The allocations before the first statement of a program.</param>
/// <param name="ManagedObjects">The number of objects before it; null if they cannot be counted.</param>
/// <param name="Constructs">The allocations of its constructs.</param>
internal sealed record LanguageResult(
    string Name,
    string Title,
    string Tool,
    Quantities BeforeMain,
    Quantity? ManagedObjects,
    IReadOnlyList<ConstructResult> Constructs);
