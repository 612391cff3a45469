using System.Collections.Generic;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace Quarry.Core.Tests;

/// <summary>Regions against a model: the set of slices that are out.</summary>
public unsafe class RegionModelTests
{
    private enum Action
    {
        Take,
        TakeAligned,
        Give,
        GivePart,
        GrowInPlace,
        Age,
        PurgeAll,
    }

    [Fact]
    public void No_sequence_hands_a_slice_out_twice_or_calls_a_dirty_one_zero()
    {
        Gen<Step> step =
            from action in Gen.Choose(0, 6)
            from amount in Gen.Frequency(
                (6, Gen.Choose(1, 4)), (2, Gen.Choose(5, 70)), (1, Gen.Choose(60, 200)))
            from which in Gen.Choose(0, 1000)
            select new Step((Action)action, (nuint)amount, which);
        Sequences.Check(step, length: 150, tests: 60, Holds);
    }

    private static bool Holds(Step[] steps)
    {
        using RegionFixture fixture = new(32 << 20);
        Model model = new(fixture.Region);
        foreach (Step step in steps)
        {
            if (!model.Apply(step))
            {
                return false;
            }
        }

        return model.AllCanBeTakenAgain();
    }

    private sealed record Step(Action Action, nuint Amount, int Which);

    private sealed class Model(Region* region)
    {
        private readonly Region* _region = region;
        private readonly HashSet<nuint> _out = [];
        private readonly List<(nuint Slice, nuint Count)> _runs = [];

        internal bool Apply(Step step)
        {
            switch (step.Action)
            {
                case Action.Take:
                    return Take(step.Amount, Region.SliceSize);
                case Action.TakeAligned:
                    return Take(step.Amount, Region.SliceSize << (step.Which % 8));
                case Action.Age:
                    return RegionFixture.Age(_region) <= _region->SliceCount;
                case Action.PurgeAll:
                    return _region->PurgeAll() <= _region->SliceCount
                        && _region->PurgeAll() == 0;
                default:
                    return _runs.Count == 0 || Change(step, step.Which % _runs.Count);
            }
        }

        internal bool AllCanBeTakenAgain()
        {
            while (_runs.Count > 0)
            {
                Give(_runs.Count - 1, _runs[^1].Count);
            }

            return RegionFixture.EverythingIsFree(_region);
        }

        private bool Change(Step step, int index)
        {
            (nuint slice, nuint count) = _runs[index];
            switch (step.Action)
            {
                case Action.Give:
                    Give(index, count);
                    return true;
                case Action.GivePart:
                    Give(index, count < step.Amount ? count : step.Amount);
                    return true;
                default:
                    nuint end = slice + count;
                    bool free = end + step.Amount <= _region->SliceCount && !Taken(end, step.Amount);
                    bool grown = _region->TryAllocateAt(end, step.Amount);
                    if (grown)
                    {
                        _runs[index] = (slice, count + step.Amount);
                        Own(end, step.Amount);
                    }

                    return grown == free;
            }
        }

        private bool Take(nuint count, nuint alignment)
        {
            nuint slice = _region->Allocate(count, alignment, out SliceRun clean);
            if (slice == Region.None)
            {
                return !HasRoom(count, alignment);
            }

            bool good = !Taken(slice, count)
                && (nuint)_region->AddressOf(slice) % alignment == 0
                && slice >= _region->FirstSlice
                && slice + count <= _region->SliceCount
                && ReadsZero(clean.First, clean.Count);
            _runs.Add((slice, count));
            Own(slice, count);
            return good;
        }

        private bool HasRoom(nuint count, nuint alignment)
        {
            // Only what lies wholly before the frontier, or begins at it, is promised.
            nuint frontier = _region->HighWater;
            for (nuint slice = _region->FirstSlice; slice <= frontier; slice++)
            {
                nuint limit = slice == frontier ? _region->SliceCount : frontier;
                bool aligned = (nuint)_region->AddressOf(slice) % alignment == 0;
                if (aligned && slice + count <= limit && !Taken(slice, count))
                {
                    return true;
                }
            }

            return false;
        }

        private void Give(int index, nuint part)
        {
            (nuint slice, nuint count) = _runs[index];
            nuint from = slice + count - part;
            for (nuint at = from; at < from + part; at++)
            {
                _ = _out.Remove(at);
            }

            if (part == count)
            {
                _runs.RemoveAt(index);
            }
            else
            {
                _runs[index] = (slice, count - part);
            }

            _region->Free(from, part, stale: true);
        }

        private bool Taken(nuint slice, nuint count)
        {
            for (nuint at = slice; at < slice + count; at++)
            {
                if (_out.Contains(at))
                {
                    return true;
                }
            }

            return false;
        }

        private void Own(nuint slice, nuint count)
        {
            for (nuint at = slice; at < slice + count; at++)
            {
                _ = _out.Add(at);
                byte* start = _region->AddressOf(at);
                start[0] = start[Region.SliceSize / 2] = start[Region.SliceSize - 1] = 1;
            }
        }

        private bool ReadsZero(nuint slice, nuint count)
        {
            for (nuint at = slice; at < slice + count; at++)
            {
                byte* start = _region->AddressOf(at);
                if ((start[0] | start[Region.SliceSize / 2] | start[Region.SliceSize - 1]) != 0)
                {
                    return false;
                }
            }

            return true;
        }
    }
}
