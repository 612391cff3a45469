using System;
using System.Collections.Generic;
using System.Linq;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace Quarry.Tests.Watching;

/// <summary>The books against a model that counts by itself.</summary>
public sealed unsafe class CountingModelTests
{
    private enum Kind
    {
        Allocate,
        AllocateZeroed,
        Deallocate,
        Reallocate,
        Resize,
        DeallocateNull,
        DeallocateAll,
    }

    private static Gen<Step> Steps =>
        from kind in Gen.Frequency(
            (8, Gen.Constant(Kind.Allocate)),
            (4, Gen.Constant(Kind.AllocateZeroed)),
            (8, Gen.Constant(Kind.Deallocate)),
            (4, Gen.Constant(Kind.Reallocate)),
            (2, Gen.Constant(Kind.Resize)),
            (1, Gen.Constant(Kind.DeallocateNull)),
            (1, Gen.Constant(Kind.DeallocateAll)))
        from size in Gen.Frequency((9, Gen.Choose(0, 5000)), (1, Gen.Choose(0, 300_000)))
        from which in Gen.Choose(0, 10_000)
        select new Step(kind, (nuint)size, which);

    [Fact]
    public void Over_a_heap() => Check(steps =>
    {
        Heap heap = new();
        bool good = Holds(heap, steps);
        heap.Dispose();
        return good;
    });

    [Fact]
    public void Over_an_allocator_of_one_thread_that_gives_all_back() => Check(steps =>
    {
        using Bump<Local> bump = new(64.MiB());
        return Holds(bump, steps);
    });

    private static void Check(Func<Step[], bool> holds) => FsCheck.Check.One(
        Config.QuickThrowOnFailure.WithMaxTest(30),
        Prop.ForAll(Arb.From(Gen.ArrayOf(Steps, 150)), holds));

    private static bool Holds<TInner>(TInner inner, Step[] steps) where TInner : unmanaged, IAllocator
    {
        using Counting<TInner> counting = new(inner);
        Model<TInner> model = new(counting);
        return steps.All(step =>
        {
            model.Apply(step);
            return counting.Statistics.Equals(model.Expected);
        });
    }

    private sealed record Step(Kind Kind, nuint Size, int Which);

    private sealed class Model<TInner>(Counting<TInner> counting) where TInner : unmanaged, IAllocator
    {
        private readonly List<(nuint Address, Layout Layout)> _blocks = [];
        private long _allocations, _deallocations, _reallocations, _allocated, _deallocated, _peak;

        internal AllocationStatistics Expected => new()
        {
            Allocations = _allocations,
            Deallocations = _deallocations,
            Reallocations = _reallocations,
            AllocatedBytes = _allocated,
            DeallocatedBytes = _deallocated,
            CurrentBlocks = _blocks.Count,
            CurrentBytes = _blocks.Sum(block => (long)block.Layout.Size),
            PeakBytes = _peak,
        };

        internal void Apply(Step step)
        {
            Layout layout = Layout.Create(step.Size, 16);
            int index = _blocks.Count == 0 ? -1 : step.Which % _blocks.Count;
            (nuint address, Layout old) = index < 0 ? default : _blocks[index];
            switch (step.Kind)
            {
                case Kind.Allocate:
                    Add(counting.Allocate(layout), layout);
                    break;
                case Kind.AllocateZeroed:
                    Add(counting.AllocateZeroed(layout), layout);
                    break;
                case Kind.Deallocate when index >= 0:
                    counting.Deallocate((void*)address, old);
                    Remove(index);
                    break;
                case Kind.Reallocate when index >= 0:
                    Change(index, (nuint)counting.Reallocate((void*)address, old, step.Size), layout);
                    break;
                case Kind.Reallocate:
                    Add(counting.Reallocate(null, Layout.Create(7, 16), step.Size), layout);
                    break;
                case Kind.Resize when index >= 0:
                    bool resized = counting.TryResize((void*)address, old, step.Size);
                    Change(index, resized ? address : 0, layout);
                    break;
                case Kind.DeallocateAll when (TInner.Traits & AllocatorTraits.DeallocatesAll) != 0:
                    counting.DeallocateAll();
                    while (_blocks.Count > 0)
                    {
                        Remove(0);
                    }

                    break;
                default:
                    counting.Deallocate(null, layout);
                    break;
            }
        }

        private void Add(void* block, Layout layout)
        {
            if (block != null)
            {
                _blocks.Add(((nuint)block, layout));
                _allocations++;
                _allocated += (long)layout.Size;
                _peak = Math.Max(_peak, Expected.CurrentBytes);
            }
        }

        private void Remove(int index)
        {
            _deallocations++;
            _deallocated += (long)_blocks[index].Layout.Size;
            _blocks.RemoveAt(index);
        }

        private void Change(int index, nuint address, Layout layout)
        {
            if (address != 0)
            {
                long change = (long)layout.Size - (long)_blocks[index].Layout.Size;
                _blocks[index] = (address, layout);
                _reallocations++;
                _allocated += Math.Max(change, 0);
                _deallocated += Math.Max(-change, 0);
                _peak = Math.Max(_peak, Expected.CurrentBytes);
            }
        }
    }
}
