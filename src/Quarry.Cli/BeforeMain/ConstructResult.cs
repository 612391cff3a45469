namespace Quarry.Cli.BeforeMain;

/// <summary>Represents the allocations of a construct, in a process that had not used it before.</summary>
/// <param name="Code">The source code of the construct.</param>
/// <param name="First">The allocations of the first use.</param>
/// <param name="Second">The allocations of the second use.</param>
internal sealed record ConstructResult(string Code, Quantities First, Quantities Second);
