using System.Collections.Generic;
using BenchmarkDotNet.Attributes;
using BenchmarkDotNet.Configs;

namespace Quarry.Microbench.Collections;

/// <summary><see cref="NativeList{T,TAllocator}"/> on a heap against <see cref="List{T}"/>.</summary>
[MemoryDiagnoser]
[GroupBenchmarksBy(BenchmarkLogicalGroupRule.ByCategory)]
[CategoriesColumn]
public class ListBenchmarks
{
    private readonly Heap _heap = new();
    private List<int> _list = [];
    private NativeList<int, Heap> _native;

    [Params(100, 10_000, 1_000_000)]
    public int Count { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        _list = new List<int>(Count);
        _native = new NativeList<int, Heap>(_heap, Count);
        AddAndRemoveLastList();
        AddAndRemoveLastNative();
        AddInRoomList();
        AddInRoomNative();
    }

    [GlobalCleanup]
    public void Cleanup() => _heap.Dispose();

    [BenchmarkCategory("Add, growing"), Benchmark(Baseline = true, Description = "List")]
    public int AddGrowingList()
    {
        var list = new List<int>();
        for (int item = 0; item < Count; item++)
        {
            list.Add(item);
        }

        return list.Count;
    }

    [BenchmarkCategory("Add, growing"), Benchmark(Description = "NativeList")]
    public int AddGrowingNative()
    {
        using var list = new NativeList<int, Heap>(_heap);
        for (int item = 0; item < Count; item++)
        {
            list.Add(item);
        }

        return list.Count;
    }

    [BenchmarkCategory("Add, with room"), Benchmark(Baseline = true, Description = "List")]
    public void AddInRoomList()
    {
        List<int> list = _list;
        list.Clear();
        for (int item = 0; item < Count; item++)
        {
            list.Add(item);
        }
    }

    [BenchmarkCategory("Add, with room"), Benchmark(Description = "NativeList")]
    public void AddInRoomNative()
    {
        NativeList<int, Heap> list = _native;
        list.Clear();
        for (int item = 0; item < Count; item++)
        {
            list.Add(item);
        }
    }

    [BenchmarkCategory("Add, remove the last"), Benchmark(Baseline = true, Description = "List")]
    public void AddAndRemoveLastList()
    {
        List<int> list = _list;
        list.Clear();
        for (int item = 0; item < Count; item++)
        {
            list.Add(item);
        }

        for (int index = Count - 1; index >= 0; index--)
        {
            list.RemoveAt(index);
        }
    }

    [BenchmarkCategory("Add, remove the last"), Benchmark(Description = "NativeList")]
    public void AddAndRemoveLastNative()
    {
        NativeList<int, Heap> list = _native;
        list.Clear();
        for (int item = 0; item < Count; item++)
        {
            list.Add(item);
        }

        for (int index = Count - 1; index >= 0; index--)
        {
            list.RemoveAt(index);
        }
    }

    [BenchmarkCategory("Read by index"), Benchmark(Baseline = true, Description = "List")]
    public int IndexList()
    {
        List<int> list = _list;
        int sum = 0;
        for (int index = 0; index < list.Count; index++)
        {
            sum += list[index];
        }

        return sum;
    }

    [BenchmarkCategory("Read by index"), Benchmark(Description = "NativeList")]
    public int IndexNative()
    {
        NativeList<int, Heap> list = _native;
        int sum = 0;
        for (int index = 0; index < list.Count; index++)
        {
            sum += list[index];
        }

        return sum;
    }

    [BenchmarkCategory("Write by index"), Benchmark(Baseline = true, Description = "List")]
    public void SetList()
    {
        List<int> list = _list;
        for (int index = 0; index < list.Count; index++)
        {
            list[index] = index;
        }
    }

    [BenchmarkCategory("Write by index"), Benchmark(Description = "NativeList")]
    public void SetNative()
    {
        NativeList<int, Heap> list = _native;
        for (int index = 0; index < list.Count; index++)
        {
            list[index] = index;
        }
    }

    [BenchmarkCategory("Enumerate"), Benchmark(Baseline = true, Description = "List")]
    public int EnumerateList()
    {
        List<int> list = _list;
        int sum = 0;
        foreach (int item in list)
        {
            sum += item;
        }

        return sum;
    }

    [BenchmarkCategory("Enumerate"), Benchmark(Description = "NativeList")]
    public int EnumerateNative()
    {
        NativeList<int, Heap> list = _native;
        int sum = 0;
        foreach (int item in list)
        {
            sum += item;
        }

        return sum;
    }

    [BenchmarkCategory("Insert and remove at the half"), Benchmark(Baseline = true, Description = "List")]
    public void MiddleList()
    {
        List<int> list = _list;
        list.Insert(Count / 2, 1);
        list.RemoveAt(Count / 2);
    }

    [BenchmarkCategory("Insert and remove at the half"), Benchmark(Description = "NativeList")]
    public void MiddleNative()
    {
        NativeList<int, Heap> list = _native;
        list.Insert(Count / 2, 1);
        list.RemoveAt(Count / 2);
    }
}
