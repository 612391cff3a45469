namespace Quarry.Core.Tests;

/// <summary>A block of the model: all of its usable bytes hold the pattern of the seed.</summary>
internal sealed record ModelBlock(nuint Address, Layout Layout, nuint Usable, uint Seed);
