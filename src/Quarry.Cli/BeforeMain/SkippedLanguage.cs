namespace Quarry.Cli.BeforeMain;

/// <summary>A language that was not measured.</summary>
/// <param name="Name">Its name, as --language takes it.</param>
/// <param name="Title">Its name, as people write it.</param>
/// <param name="Reason">Why not, and what to do about it.</param>
/// <param name="Failed">Whether its tools are there, and did not work.</param>
internal sealed record LeftOut(string Name, string Title, string Reason, bool Failed);
