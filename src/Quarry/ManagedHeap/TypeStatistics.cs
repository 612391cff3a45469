using System;

namespace Quarry;

/// <summary>The objects of a type on <see cref="ManagedHeap"/>.</summary>
/// <param name="Type">The type; of arrays, that of the array.</param>
/// <param name="Objects">How many were allocated since the start and not collected.</param>
/// <param name="Bytes">What they take, headers included.</param>
public sealed record TypeStatistics(Type Type, long Objects, long Bytes);
