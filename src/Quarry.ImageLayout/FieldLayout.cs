namespace Quarry.ImageLayout;

/// <summary>Represents a field of a C# struct or a member of a C struct. Sizes are in bytes.</summary>
internal sealed record FieldLayout(string Name, int Offset, int Size);
