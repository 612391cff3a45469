namespace Quarry.Core.Tests.MemoryOrder;

/// <summary>A store in the history of a word.</summary>
/// <param name="Value">The value.</param>
/// <param name="View">What a thread that acquires the value sees.</param>
internal sealed record StoredValue(int Value, int[] View);
