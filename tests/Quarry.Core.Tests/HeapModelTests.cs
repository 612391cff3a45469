using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace Quarry.Core.Tests;

/// <summary>The heap against a model that knows each block, its contents, and the figures.</summary>
public unsafe class HeapModelTests
{
    private enum Action
    {
        Allocate,
        AllocateZeroed,
        Free,
        Reallocate,
        Resize,
        Trim,
    }

    private static Gen<nuint> Sizes =>
        from size in Gen.Frequency(
            (12, Gen.Choose(0, 256)),
            (6, Gen.Choose(257, 9000)),
            (3, Gen.Choose(9001, 70_000)),
            (2, Gen.Choose(65_000, 600_000)),
            (1, Gen.Choose(600_000, 6_000_000)))
        select (nuint)size;

    private static Gen<Step> Steps =>
        from action in Gen.Frequency(
            (8, Gen.Constant(Action.Allocate)),
            (4, Gen.Constant(Action.AllocateZeroed)),
            (9, Gen.Constant(Action.Free)),
            (4, Gen.Constant(Action.Reallocate)),
            (2, Gen.Constant(Action.Resize)),
            (1, Gen.Constant(Action.Trim)))
        from size in Sizes
        from log2 in Gen.Frequency((6, Gen.Choose(0, 4)), (3, Gen.Choose(5, 12)), (1, Gen.Choose(13, 22)))
        from which in Gen.Choose(0, 10_000)
        select new Step(action, size, (nuint)1 << log2, which);

    [Fact]
    public void One_large_region() =>
        Sequences.Check(Steps, length: 200, tests: 25, steps => Holds(steps, new HeapOptions()));

    [Fact]
    public void Many_small_regions()
    {
        HeapOptions options = new() { ReserveBytes = 4 << 20 };
        Sequences.Check(Steps, length: 200, tests: 25, steps => Holds(steps, options));
    }

    [Fact]
    public void Freed_memory_given_back_at_once()
    {
        HeapOptions options = new() { DecayMilliseconds = 0 };
        Sequences.Check(Steps, length: 200, tests: 15, steps => Holds(steps, options));
    }

    [Fact]
    public void Pages_that_cannot_be_moved() => Sequences.Check(Steps, length: 200, tests: 15, steps =>
    {
        using CountingPages pages = new();
        return Holds(steps, pages.Options(16 << 20)) && pages.Live.IsEmpty && pages.WrongReleases == 0;
    });

    [Theory]
    [InlineData(1)]
    [InlineData(500)]
    [InlineData(16_384)]
    public void Sampled_blocks(int interval)
    {
        HeapOptions options = new() { ReserveBytes = 4 << 20 };
        Sequences.Check(Steps, length: 200, tests: 15, steps =>
        {
            using SampleRecorder recorder = new((nuint)interval);
            return Holds(steps, options, recorder.Sampler) && recorder.Live == 0;
        });
    }

    private static bool Holds(Step[] steps, HeapOptions options, HeapSampler* sampler = null)
    {
        Heap heap = new(options);
        if (sampler != null)
        {
            HeapState.SetSampler(heap.State, sampler);
        }

        BlockModel model = new(heap);
        bool good = true;
        for (int index = 0; index < steps.Length && good; index++)
        {
            good = Apply(heap, model, steps[index]) && Agrees(heap, model);
            good = good && (index % 16 != 0 || model.AreApartAndIntact());
        }

        good = good && model.AreApartAndIntact() && model.FreeAll() && Agrees(heap, model);
        heap.Dispose();
        return good;
    }

    private static bool Apply(Heap heap, BlockModel model, Step step)
    {
        if (model.Count == 0 && step.Action is Action.Free or Action.Reallocate or Action.Resize)
        {
            return true;
        }

        switch (step.Action)
        {
            case Action.Free:
                return model.Free(step.Which);
            case Action.Reallocate:
                return model.Reallocate(step.Which, step.Size);
            case Action.Resize:
                return model.Resize(step.Which, step.Size);
            case Action.Trim:
                _ = heap.Trim();
                return heap.GetStatistics().DirtyBytes == 0;
            default:
                return model.Allocate(step.Size, step.Alignment, step.Action == Action.AllocateZeroed);
        }
    }

    private static bool Agrees(Heap heap, BlockModel model)
    {
        HeapStatistics statistics = heap.GetStatistics();
        return statistics.InUseBlocks == (nuint)model.Count
            && statistics.InUseBytes == model.InUseBytes
            && statistics.Allocations == model.Allocations
            && statistics.UsedBytes >= statistics.InUseBytes
            && statistics.PeakBytes >= statistics.UsedBytes
            && statistics.MappedBytes >= statistics.CommittedBytes
            && HeapCheck.IsValid(heap.State);
    }

    private sealed record Step(Action Action, nuint Size, nuint Alignment, int Which);
}
