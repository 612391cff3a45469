global using static Prelude;

internal static class Prelude
{
    internal static void RunWhatAllocates<TAllocator>(TAllocator memory)
        where TAllocator : unmanaged, IAllocator
    {
        using NativeList<int, TAllocator> list = new(memory);
    }
}
