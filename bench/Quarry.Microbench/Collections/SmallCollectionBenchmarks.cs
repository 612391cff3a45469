using System.Collections.Generic;
using BenchmarkDotNet.Attributes;
using BenchmarkDotNet.Configs;

namespace Quarry.Microbench.Collections;

/// <summary>Collections that are created, filled and dropped, as in a method or a request.</summary>
[GroupBenchmarksBy(BenchmarkLogicalGroupRule.ByCategory)]
public class SmallCollectionBenchmarks
{
    private readonly Heap _heap = new();
    private readonly Arena _arena = new();

    [Params(10, 1000)]
    public int Count { get; set; }

    [GlobalCleanup]
    public void Cleanup()
    {
        _heap.Dispose();
        _arena.Dispose();
    }

    [BenchmarkCategory("List"), Benchmark(Baseline = true, Description = "BCL")]
    public int List()
    {
        List<int> list = [];
        for (int item = 0; item < Count; item++)
        {
            list.Add(item);
        }

        return list.Count;
    }

    [BenchmarkCategory("List"), Benchmark(Description = "Heap")]
    public int ListOnHeap()
    {
        using NativeList<int, Heap> list = new(_heap);
        return Fill(list);
    }

    [BenchmarkCategory("List"), Benchmark(Description = "Arena")]
    public int ListOnArena()
    {
        int count = Fill(new NativeList<int, Arena>(_arena));
        _arena.Reset();
        return count;
    }

    [BenchmarkCategory("Dictionary"), Benchmark(Baseline = true, Description = "BCL")]
    public int Dictionary()
    {
        Dictionary<int, int> dictionary = [];
        for (int item = 0; item < Count; item++)
        {
            dictionary.Add(item, item);
        }

        return dictionary.Count;
    }

    [BenchmarkCategory("Dictionary"), Benchmark(Description = "Heap")]
    public int DictionaryOnHeap()
    {
        using NativeDictionary<int, int, Heap> dictionary = new(_heap);
        return Fill(dictionary);
    }

    [BenchmarkCategory("Dictionary"), Benchmark(Description = "Arena")]
    public int DictionaryOnArena()
    {
        int count = Fill(new NativeDictionary<int, int, Arena>(_arena));
        _arena.Reset();
        return count;
    }

    private int Fill<TAllocator>(NativeList<int, TAllocator> list) where TAllocator : unmanaged, IAllocator
    {
        for (int item = 0; item < Count; item++)
        {
            list.Add(item);
        }

        return list.Count;
    }

    private int Fill<TAllocator>(NativeDictionary<int, int, TAllocator> dictionary)
        where TAllocator : unmanaged, IAllocator
    {
        for (int item = 0; item < Count; item++)
        {
            dictionary.Add(item, item);
        }

        return dictionary.Count;
    }
}
