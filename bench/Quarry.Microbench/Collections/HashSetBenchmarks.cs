using System;
using System.Collections.Generic;
using BenchmarkDotNet.Attributes;
using BenchmarkDotNet.Configs;

namespace Quarry.Microbench.Collections;

/// <summary>The set of the BCL and that on a heap; each figure is for all elements together.</summary>
[MemoryDiagnoser]
[CategoriesColumn]
[GroupBenchmarksBy(BenchmarkLogicalGroupRule.ByCategory)]
[GenericTypeArguments(typeof(int))]
[GenericTypeArguments(typeof(long))]
[GenericTypeArguments(typeof(Guid))]
public class HashSetBenchmarks<T> where T : unmanaged
{
    private readonly Heap _heap = new();
    private readonly HashSet<T> _managed = [];
    private NativeHashSet<T, Heap> _native;
    private T[] _present = [], _absent = [], _shuffled = [];

    [Params(100, 10_000, 1_000_000)]
    public int Count { get; set; }

    [GlobalSetup]
    public void Fill()
    {
        (_present, _absent, _shuffled) = DictionaryKeys.Create<T>(Count);
        _native = new NativeHashSet<T, Heap>(_heap);
        _managed.UnionWith(_present);
        _native.UnionWith(_present);
    }

    [GlobalCleanup]
    public void Destroy() => _heap.Dispose();

    [Benchmark(Baseline = true, Description = "HashSet"), BenchmarkCategory("Add")]
    public int AddManaged()
    {
        var set = new HashSet<T>();
        foreach (T item in _present)
        {
            _ = set.Add(item);
        }

        return set.Count;
    }

    [Benchmark(Description = "NativeHashSet"), BenchmarkCategory("Add")]
    public int AddNative()
    {
        using var set = new NativeHashSet<T, Heap>(_heap);
        foreach (T item in _present)
        {
            _ = set.Add(item);
        }

        return set.Count;
    }

    [Benchmark(Baseline = true, Description = "HashSet"), BenchmarkCategory("Hit")]
    public int HitManaged() => FindManaged(_shuffled);

    [Benchmark(Description = "NativeHashSet"), BenchmarkCategory("Hit")]
    public int HitNative() => FindNative(_shuffled);

    [Benchmark(Baseline = true, Description = "HashSet"), BenchmarkCategory("Miss")]
    public int MissManaged() => FindManaged(_absent);

    [Benchmark(Description = "NativeHashSet"), BenchmarkCategory("Miss")]
    public int MissNative() => FindNative(_absent);

    [Benchmark(Baseline = true, Description = "HashSet"), BenchmarkCategory("Enumerate")]
    public int EnumerateManaged()
    {
        int hash = 0;
        foreach (T item in _managed)
        {
            hash ^= item.GetHashCode();
        }

        return hash;
    }

    [Benchmark(Description = "NativeHashSet"), BenchmarkCategory("Enumerate")]
    public int EnumerateNative()
    {
        int hash = 0;
        foreach (T item in _native)
        {
            hash ^= item.GetHashCode();
        }

        return hash;
    }

    // Each element comes back at once, so that all runs find the same.
    [Benchmark(Baseline = true, Description = "HashSet"), BenchmarkCategory("Remove and add")]
    public void RemoveManaged()
    {
        foreach (T item in _shuffled)
        {
            _ = _managed.Remove(item);
            _ = _managed.Add(item);
        }
    }

    [Benchmark(Description = "NativeHashSet"), BenchmarkCategory("Remove and add")]
    public void RemoveNative()
    {
        foreach (T item in _shuffled)
        {
            _ = _native.Remove(item);
            _ = _native.Add(item);
        }
    }

    private int FindManaged(T[] items)
    {
        int found = 0;
        foreach (T item in items)
        {
            found += _managed.Contains(item) ? 1 : 0;
        }

        return found;
    }

    private int FindNative(T[] items)
    {
        int found = 0;
        foreach (T item in items)
        {
            found += _native.Contains(item) ? 1 : 0;
        }

        return found;
    }
}
