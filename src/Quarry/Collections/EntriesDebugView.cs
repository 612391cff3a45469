using System.Collections.Generic;
using System.Diagnostics;

namespace Quarry;

/// <summary>Shows the entries of a collection in a debugger; none of one that is not alive.</summary>
internal sealed class EntriesDebugView<TKey, TValue, TAllocator>
    where TKey : unmanaged
    where TValue : unmanaged
    where TAllocator : unmanaged, IAllocator
{
    public EntriesDebugView(NativeDictionary<TKey, TValue, TAllocator> dictionary) =>
        Items = dictionary.IsAlive ? [.. dictionary] : [];

    public EntriesDebugView(NativePriorityQueue<TKey, TValue, TAllocator> queue)
    {
        List<KeyValuePair<TKey, TValue>> items = [];
        if (queue.IsAlive)
        {
            foreach ((TKey element, TValue priority) in queue.UnorderedItems)
            {
                items.Add(new KeyValuePair<TKey, TValue>(element, priority));
            }
        }

        Items = [.. items];
    }

    [DebuggerBrowsable(DebuggerBrowsableState.RootHidden)]
    public KeyValuePair<TKey, TValue>[] Items { get; }
}
