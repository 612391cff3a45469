using System.Diagnostics;

namespace Quarry;

/// <summary>Shows the elements of a collection in a debugger; none of one that is not alive.</summary>
internal sealed class ElementsDebugView<T, TAllocator>
    where T : unmanaged
    where TAllocator : unmanaged, IAllocator
{
    public ElementsDebugView(NativeArray<T, TAllocator> array) =>
        Items = array.IsAlive ? array.ToArray() : [];

    public ElementsDebugView(NativeList<T, TAllocator> list) =>
        Items = list.IsAlive ? list.ToArray() : [];

    public ElementsDebugView(NativeQueue<T, TAllocator> queue) =>
        Items = queue.IsAlive ? queue.ToArray() : [];

    public ElementsDebugView(NativeHashSet<T, TAllocator> set) => Items = set.IsAlive ? [.. set] : [];

    [DebuggerBrowsable(DebuggerBrowsableState.RootHidden)]
    public T[] Items { get; }
}
