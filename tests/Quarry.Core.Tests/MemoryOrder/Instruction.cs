using System;

namespace Quarry.Core.Tests.MemoryOrder;

/// <summary>An instruction of a <see cref="ModelThread"/>; the parts that it has tell its kind.</summary>
internal sealed class Instruction
{
    /// <summary>Gets the word that is accessed.</summary>
    public Func<int[], int>? Word { get; init; }

    /// <summary>Gets the value that is stored, or set.</summary>
    public Func<int[], int>? Value { get; init; }

    /// <summary>Gets the new value of a read-modify-write; null stores nothing.</summary>
    public Func<int, int[], int?>? Change { get; init; }

    /// <summary>Gets the condition of a jump, or of a check if there is no label.</summary>
    public Func<int[], bool>? Condition { get; init; }

    public string? Label { get; init; }

    public int Register { get; init; }

    public Order Order { get; init; }
}
