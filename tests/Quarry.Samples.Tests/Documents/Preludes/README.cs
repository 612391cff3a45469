global using Quarry.Testing;
global using static Prelude;

internal record struct Order(int Price);

internal static class Prelude
{
    internal static readonly byte[] buffer = new byte[100];

    internal static void Parse(byte[] bytes) => _ = bytes[0];
}
