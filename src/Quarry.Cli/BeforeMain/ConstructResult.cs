namespace Quarry.Cli.BeforeMain;

/// <summary>What a construct allocated, each time in a process that had not used it before.</summary>
/// <param name="Code">How it is written.</param>
/// <param name="First">Its first use.</param>
/// <param name="Again">The use after that.</param>
internal sealed record ConstructResult(string Code, Quantities First, Quantities Again);
