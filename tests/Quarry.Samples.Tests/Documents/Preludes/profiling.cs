global using static Prelude;

internal record struct Page(string[] Prices, nint Block, int Length);

internal static class Prelude
{
    internal static readonly Dictionary<int, Page> _pages = [];
    internal static readonly Lock _lock = new();
    internal static readonly byte[] compressed = [];
    internal static readonly string[] prices = [];
    internal static readonly int id = 0, length = 0;
}
