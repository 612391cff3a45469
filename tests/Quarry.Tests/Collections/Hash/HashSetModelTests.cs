using System;
using System.Collections.Generic;
using System.Linq;
using Xunit;
using Action = Quarry.Tests.Collections.HashSequences.Action;
using Step = Quarry.Tests.Collections.HashSequences.Step;

namespace Quarry.Tests.Collections;

/// <summary>The set against the BCL's, by random sequences of operations.</summary>
public sealed class HashSetModelTests
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
        var model = new HashSet<int>();
        using var set = new NativeHashSet<int, TAllocator>(allocator);
        return Array.TrueForAll(steps, step =>
        {
            if (step.Action == Action.Fail)
            {
                failAfter(step.Number < 60 ? step.Number / 20 : int.MaxValue);
            }

            return Apply(step, model, set) && Agree(model, set);
        });
    }

    private static bool Apply<TAllocator>(Step step, HashSet<int> model, NativeHashSet<int, TAllocator> set)
        where TAllocator : unmanaged, IAllocator
    {
        (Action action, int key, int number) = step;
        bool there = model.Contains(key);
        try
        {
            switch (action)
            {
                case Action.Add or Action.FindOrAdd:
                    return set.Add(key) == model.Add(key);
                case Action.Remove:
                    return set.Remove(key) == model.Remove(key);
                case Action.Set:
                    return set.RemoveWhere(item => item % 7 == key % 7)
                        == model.RemoveWhere(item => item % 7 == key % 7);
                case Action.Clear:
                    set.Clear();
                    model.Clear();
                    return true;
                case Action.EnsureCapacity:
                    return !set.TryEnsureCapacity(number) || set.Capacity >= number;
                case Action.TrimExcess:
                    set.TrimExcess();
                    return true;
                default:
                    return set.TryGetValue(key, out int value) == there && value == (there ? key : 0);
            }
        }
        catch (OutOfMemoryException)
        {
            return !there;
        }
    }

    private static bool Agree<TAllocator>(HashSet<int> model, NativeHashSet<int, TAllocator> set)
        where TAllocator : unmanaged, IAllocator =>
        set.Count == model.Count
        && set.Order().SequenceEqual(model.Order())
        && model.All(set.Contains);
}
