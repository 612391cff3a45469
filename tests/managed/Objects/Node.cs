namespace Quarry.Objects;

/// <summary>An object of 40 bytes: header, type, a reference and two numbers.</summary>
internal sealed class Node
{
    internal Node? Next { get; init; }

    internal long First { get; init; }

    internal long Second { get; init; }
}
