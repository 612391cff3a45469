global using static Prelude;

internal struct Node
{
    public int Value;
}

internal readonly struct NodeSize : IByteCount
{
    public static nuint Bytes => 16;
}

internal sealed class Cache
{
    public bool TryEvict() => false;
}

internal static class Prelude
{
    internal static readonly Arena arena = new();
    internal static readonly Cache cache = new();
}
