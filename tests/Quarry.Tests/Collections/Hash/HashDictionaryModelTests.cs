using System;
using System.Collections.Generic;
using System.Linq;
using Xunit;
using Action = Quarry.Tests.Collections.HashSequences.Action;
using Step = Quarry.Tests.Collections.HashSequences.Step;

namespace Quarry.Tests.Collections;

/// <summary>The dictionary against the BCL's, by random sequences of operations.</summary>
public sealed class HashDictionaryModelTests
{
    [Fact]
    public void On_a_heap() => HashSequences.Check(steps =>
    {
        Heap heap = new();
        bool good = Holds(steps, heap, _ => { }) && heap.GetStatistics().InUseBlocks == 0;
        heap.Dispose();
        return good;
    });

    [Fact]
    public void On_an_allocator_that_fails() => HashSequences.Check(steps =>
    {
        using Metered memory = Metered.Create();
        return Holds(steps, memory, memory.FailAfter) && memory.Blocks == 0 && memory.WrongLayouts == 0;
    });

    private static bool Holds<TAllocator>(Step[] steps, TAllocator allocator, Action<int> failAfter)
        where TAllocator : unmanaged, IAllocator
    {
        var model = new Dictionary<int, int>();
        using var dictionary = new NativeDictionary<int, int, TAllocator>(allocator);
        return Array.TrueForAll(steps, step =>
            (step.Action == Action.Fail ? Fail(failAfter, step) : Apply(step, model, dictionary))
            && Agree(model, dictionary));
    }

    private static bool Fail(Action<int> failAfter, Step step)
    {
        failAfter(step.Number < 60 ? step.Number / 20 : int.MaxValue);
        return true;
    }

    private static bool Apply<TAllocator>(
        Step step, Dictionary<int, int> model, NativeDictionary<int, int, TAllocator> dictionary)
        where TAllocator : unmanaged, IAllocator
    {
        (Action action, int key, int number) = step;
        bool there = model.ContainsKey(key);
        try
        {
            switch (action)
            {
                case Action.Add:
                    return dictionary.TryAdd(key, number) == model.TryAdd(key, number);
                case Action.Set:
                    dictionary[key] = number;
                    model[key] = number;
                    return true;
                case Action.Remove:
                    bool removed = dictionary.Remove(key, out int taken);
                    return removed == model.Remove(key, out int expected) && taken == expected;
                case Action.FindOrAdd:
                    dictionary.GetValueRefOrAddDefault(key, out bool exists) += number;
                    model[key] = model.GetValueOrDefault(key) + number;
                    return exists == there;
                case Action.Clear:
                    dictionary.Clear();
                    model.Clear();
                    return true;
                case Action.EnsureCapacity:
                    return !dictionary.TryEnsureCapacity(number) || dictionary.Capacity >= number;
                case Action.TrimExcess:
                    dictionary.TrimExcess();
                    return true;
                default:
                    return dictionary.TryGetValue(key, out int value) == there
                        && value == model.GetValueOrDefault(key);
            }
        }
        catch (OutOfMemoryException)
        {
            // Only where a key is new; the model did not see it, so it tells whether anything changed.
            return !there;
        }
    }

    private static bool Agree<TAllocator>(
        Dictionary<int, int> model, NativeDictionary<int, int, TAllocator> dictionary)
        where TAllocator : unmanaged, IAllocator =>
        dictionary.Count == model.Count
        && dictionary.Capacity >= dictionary.Count
        && dictionary.OrderBy(pair => pair.Key).SequenceEqual(model.OrderBy(pair => pair.Key))
        && dictionary.Keys.SequenceEqual(dictionary.Select(pair => pair.Key))
        && dictionary.Values.SequenceEqual(dictionary.Select(pair => pair.Value))
        && model.All(pair => dictionary[pair.Key] == pair.Value);
}
