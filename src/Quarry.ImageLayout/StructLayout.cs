namespace Quarry.ImageLayout;

/// <summary>Represents the size, alignment and instance fields of a struct.</summary>
internal sealed record StructLayout(int Size, int Alignment, FieldLayout[] Fields);
