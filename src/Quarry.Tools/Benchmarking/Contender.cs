namespace Quarry.Tools.Benchmarking;

/// <summary>One who takes part: a name for the table, and the library to preload (none: null).</summary>
internal sealed record Contender(string Name, string? Library);
