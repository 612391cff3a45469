using System;
using System.Collections.Generic;
using BenchmarkDotNet.Attributes;
using BenchmarkDotNet.Configs;

namespace Quarry.Microbench.Collections;

/// <summary>The dictionary of the BCL and that on a heap; each figure is for all keys together.</summary>
[MemoryDiagnoser]
[CategoriesColumn]
[GroupBenchmarksBy(BenchmarkLogicalGroupRule.ByCategory)]
[GenericTypeArguments(typeof(int), typeof(int))]
[GenericTypeArguments(typeof(long), typeof(long))]
[GenericTypeArguments(typeof(Guid), typeof(int))]
public class DictionaryBenchmarks<TKey, TValue>
    where TKey : unmanaged
    where TValue : unmanaged
{
    private readonly Heap _heap = new();
    private readonly Dictionary<TKey, TValue> _managed = [];
    private NativeDictionary<TKey, TValue, Heap> _native;
    private TKey[] _present = [], _absent = [], _shuffled = [];

    [Params(100, 10_000, 1_000_000)]
    public int Count { get; set; }

    [GlobalSetup]
    public void Fill()
    {
        (_present, _absent, _shuffled) = DictionaryKeys.Create<TKey>(Count);
        _native = new NativeDictionary<TKey, TValue, Heap>(_heap);
        foreach (TKey key in _present)
        {
            _managed.Add(key, default);
            _native.Add(key, default);
        }
    }

    [GlobalCleanup]
    public void Destroy() => _heap.Dispose();

    [Benchmark(Baseline = true, Description = "Dictionary"), BenchmarkCategory("Add")]
    public int AddManaged()
    {
        var dictionary = new Dictionary<TKey, TValue>();
        foreach (TKey key in _present)
        {
            dictionary.Add(key, default);
        }

        return dictionary.Count;
    }

    [Benchmark(Description = "NativeDictionary"), BenchmarkCategory("Add")]
    public int AddNative()
    {
        using var dictionary = new NativeDictionary<TKey, TValue, Heap>(_heap);
        foreach (TKey key in _present)
        {
            dictionary.Add(key, default);
        }

        return dictionary.Count;
    }

    [Benchmark(Baseline = true, Description = "Dictionary"), BenchmarkCategory("Hit")]
    public int HitManaged() => FindManaged(_shuffled);

    [Benchmark(Description = "NativeDictionary"), BenchmarkCategory("Hit")]
    public int HitNative() => FindNative(_shuffled);

    [Benchmark(Baseline = true, Description = "Dictionary"), BenchmarkCategory("Miss")]
    public int MissManaged() => FindManaged(_absent);

    [Benchmark(Description = "NativeDictionary"), BenchmarkCategory("Miss")]
    public int MissNative() => FindNative(_absent);

    [Benchmark(Baseline = true, Description = "Dictionary"), BenchmarkCategory("Enumerate")]
    public int EnumerateManaged()
    {
        int found = 0;
        foreach (KeyValuePair<TKey, TValue> pair in _managed)
        {
            found += EqualityComparer<TValue>.Default.Equals(pair.Value, default) ? 1 : 0;
        }

        return found;
    }

    [Benchmark(Description = "NativeDictionary"), BenchmarkCategory("Enumerate")]
    public int EnumerateNative()
    {
        int found = 0;
        foreach (KeyValuePair<TKey, TValue> pair in _native)
        {
            found += EqualityComparer<TValue>.Default.Equals(pair.Value, default) ? 1 : 0;
        }

        return found;
    }

    // Each key comes back at once, so that all runs find the same.
    [Benchmark(Baseline = true, Description = "Dictionary"), BenchmarkCategory("Remove and add")]
    public void RemoveManaged()
    {
        foreach (TKey key in _shuffled)
        {
            _ = _managed.Remove(key);
            _managed.Add(key, default);
        }
    }

    [Benchmark(Description = "NativeDictionary"), BenchmarkCategory("Remove and add")]
    public void RemoveNative()
    {
        foreach (TKey key in _shuffled)
        {
            _ = _native.Remove(key);
            _native.Add(key, default);
        }
    }

    private int FindManaged(TKey[] keys)
    {
        int found = 0;
        foreach (TKey key in keys)
        {
            found += _managed.TryGetValue(key, out _) ? 1 : 0;
        }

        return found;
    }

    private int FindNative(TKey[] keys)
    {
        int found = 0;
        foreach (TKey key in keys)
        {
            found += _native.TryGetValue(key, out _) ? 1 : 0;
        }

        return found;
    }
}
