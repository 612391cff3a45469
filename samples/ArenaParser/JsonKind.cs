namespace ArenaParser;

/// <summary>What a <see cref="JsonNode"/> is.</summary>
internal enum JsonKind : byte
{
    Null,
    False,
    True,
    Number,
    String,
    Array,
    Object,
}
