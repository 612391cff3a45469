namespace Quarry.Cli.BeforeMain;

/// <summary>Represents a language that was not measured.</summary>
/// <param name="Name">The name for --language.</param>
/// <param name="Title">The name for display.</param>
/// <param name="Reason">The reason, and its remedy.</param>
/// <param name="Failed">Whether its tools are installed but failed.</param>
internal sealed record SkippedLanguage(string Name, string Title, string Reason, bool Failed);
