global using static Prelude;

internal static class Prelude
{
    internal static readonly Heap heap = Heap.Create();
    internal static readonly int descriptor = 2;

    internal static void Parse(NativeList<int, Counting<Heap>> list) => list.Add(1);

    internal static void Log(string line) => Console.WriteLine(line);
}
