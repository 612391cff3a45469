global using Quarry.Testing;
global using static Prelude;
global using MyAllocator = Quarry.SystemHeap;

internal static class Prelude
{
    internal static readonly byte[] buffer = new byte[100];

    internal static void Parse(byte[] bytes) => _ = bytes[0];

    internal static void Fill<TAllocator>(TAllocator allocator)
        where TAllocator : unmanaged, IAllocator
    {
        using NativeList<int, TAllocator> list = new(allocator);
    }
}
