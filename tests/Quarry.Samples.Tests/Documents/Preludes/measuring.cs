global using Quarry.Testing;
global using Xunit;
global using static Prelude;

internal sealed class NativeBlock(Counting<SystemHeap> counting, int count)
{
    public NativeArray<long, Counting<SystemHeap>> Numbers { get; } = new(counting, count);
}

internal sealed class Client
{
    public Task<string> GetAsync(string key) => Task.FromResult(key);
}

internal static class Prelude
{
    internal const int count = 1_000_000;

    internal static readonly Heap myHeap = Heap.Create();
    internal static readonly Counting<SystemHeap> counting = new(default);
    internal static readonly MemorySource buffers = MemorySource.Of(counting, "buffers");
    internal static readonly IEnumerable<long> numbers = Enumerable.Range(0, count).Select(number => (long)number);
    internal static readonly Client client = new();
    internal static readonly string file = "", request = "";

    internal static unsafe void Parse(string text)
    {
        for (int round = 0; round < 2; round++)
        {
            Layout layout = Layout.Array<long>(50_000);
            counting.Deallocate(counting.Allocate(layout), layout);
        }
    }

    internal static void Handle(string text) => _ = text.Length;

    internal static void Load(string text) => _ = text.Length;

    internal static void OpenAndClose()
    {
    }

    internal static List<long> Filled(List<long> list, int count)
    {
        list.AddRange(numbers.Take(count));
        return list;
    }
}
