global using static Prelude;

internal struct Node
{
    public int Value;
}

internal static class Prelude
{
    internal static readonly string path = "", request = "";

    internal static void Handle(string request, Arena arena) => _ = arena.AllocateUtf8(request);
}
