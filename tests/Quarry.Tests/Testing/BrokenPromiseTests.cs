using System;
using System.Linq;
using Quarry.Testing;
using Xunit;

namespace Quarry.Tests.Testing;

/// <summary>Each check of the conformance kit can fail, and says what is wrong.</summary>
public sealed class BrokenPromiseTests
{
    // More than the checks ask for at once, and little enough to run out of.
    private const nuint Capacity = 4 << 20;

    private static readonly ConformanceOptions s_options =
        new() { Capacity = Capacity, MaxSize = 64 << 10, Seed = 1 };

    private static readonly (Fault Fault, ConformanceCheck Check, Promise Promise)[] s_faults =
    [
        (Fault.RefusesOneSize, ConformanceCheck.Sizes, Promise.Serves),
        (Fault.RefusesZeroed, ConformanceCheck.Zeroing, Promise.ServesZeroed),
        (Fault.RefusesToGrow, ConformanceCheck.Reallocation, Promise.ServesReallocation),
        (Fault.RefusesNullReallocation, ConformanceCheck.Null, Promise.ServesNullReallocation),
        (Fault.StaysExhausted, ConformanceCheck.Exhaustion, Promise.ServesAfterExhaustion),
        (Fault.IsMisaligned, ConformanceCheck.Sizes, Promise.Aligns),
        (Fault.UsableSizeTooSmall, ConformanceCheck.Sizes, Promise.UsableSizeCovers),
        (Fault.UsableSizeLooksAtLayout, ConformanceCheck.KnownSizes, Promise.UsableSizeIgnoresLayout),
        (Fault.HandsOutTwice, ConformanceCheck.Separation, Promise.Keeps),
        (Fault.HandsOutTwiceToThreads, ConformanceCheck.Threads, Promise.Keeps),
        (Fault.HandsOutTwiceAfterFreeing, ConformanceCheck.RandomSequences, Promise.Keeps),
        (Fault.DropsContents, ConformanceCheck.Reallocation, Promise.KeepsWhenReallocated),
        (Fault.CopiesByLayout, ConformanceCheck.KnownSizes, Promise.KeepsWhenReallocated),
        (Fault.SpoilsWhenFailing, ConformanceCheck.AbsurdSizes, Promise.KeepsWhenNotReallocated),
        (Fault.SpoilsWhenResizing, ConformanceCheck.ResizingInPlace, Promise.KeepsWhenResized),
        (Fault.SpoilsWhenNotResizing, ConformanceCheck.ResizingInPlace, Promise.KeepsWhenNotResized),
        (Fault.DoesNotZero, ConformanceCheck.Zeroing, Promise.Zeroes),
        (Fault.SharesSizeZero, ConformanceCheck.SizeZero, Promise.SizeZeroIsUnique),
        (Fault.NeverResizes, ConformanceCheck.ResizingInPlace, Promise.ResizesAtTimes),
        (Fault.EndsEarly, ConformanceCheck.Exhaustion, Promise.ReachesCapacity),
        (Fault.ServesAbsurd, ConformanceCheck.AbsurdSizes, Promise.RefusesAbsurd),
        (Fault.ServesAbsurdZeroed, ConformanceCheck.AbsurdSizes, Promise.RefusesAbsurdZeroed),
        (Fault.ServesAbsurdReallocation, ConformanceCheck.AbsurdSizes, Promise.RefusesAbsurdReallocation),
        (Fault.ServesAbsurdResize, ConformanceCheck.AbsurdSizes, Promise.RefusesAbsurdResize),
        (Fault.DisownsAll, ConformanceCheck.Ownership, Promise.OwnsItsOwn),
        (Fault.OwnsAll, ConformanceCheck.Ownership, Promise.DisownsForeign),
        (Fault.OwnsForeignOnStack, ConformanceCheck.Ownership, Promise.DisownsForeign),
        (Fault.AnswersThoughDenied, ConformanceCheck.Ownership, Promise.DisownsWhereDenied),
        (Fault.NeverReuses, ConformanceCheck.Reuse, Promise.Reuses),
        (Fault.NeverReusesAfterAll, ConformanceCheck.DeallocatingAll, Promise.ReusesAfterAll),
        (Fault.SpoilsThoughDenied, ConformanceCheck.DeallocatingAll, Promise.KeepsWhereAllDenied),
        (Fault.Throws, ConformanceCheck.Sizes, Promise.None),
    ];

    public static TheoryData<Fault> Faults => [.. s_faults.Select(row => row.Fault)];

    [Theory]
    [MemberData(nameof(Faults))]
    public void A_fault_is_found_by_its_check(Fault fault)
    {
        (_, ConformanceCheck check, Promise promise) = s_faults.Single(row => row.Fault == fault);
        ConformanceException found = Find(fault, check);
        Assert.Equal(check, found.Check);
        Assert.True(promise == found.Promise, found.Message);
    }

    [Fact]
    public void Every_promise_and_every_check_has_a_fault()
    {
        Assert.Empty(Enum.GetValues<Promise>().Except(s_faults.Select(row => row.Promise)));
        Assert.Empty(AllocatorConformance.Checks.Except(s_faults.Select(row => row.Check)));
        Assert.Equal([Fault.None], Enum.GetValues<Fault>().Except(s_faults.Select(row => row.Fault)));
    }

    [Fact]
    public void Every_promise_has_words_of_its_own()
    {
        string[] texts = [.. Enum.GetValues<Promise>()
            .Select(promise => ViolationText.Of(new Violation { Promise = promise }))];
        Assert.Equal(texts, texts.Distinct());
        Assert.DoesNotContain(texts.Skip(1), text => Enum.GetNames<Promise>().Any(text.StartsWith));
    }

    [Fact]
    public void Without_a_fault_the_same_heap_passes()
    {
        AllocatorConformance.Verify(
            () => new FaultyHeap<FewTraits>(Fault.None, Capacity), heap => heap.Dispose(), s_options);
    }

    [Fact]
    public void The_message_tells_the_allocator_the_block_and_the_figures()
    {
        string message = Find(Fault.RefusesOneSize, ConformanceCheck.Sizes).Message;
        Assert.StartsWith("FaultyHeap<HeapTraits> (", message);
        Assert.Contains("check Sizes: Allocate gave null for 1000 bytes aligned to 1,", message);
    }

    [Fact]
    public void A_sequence_is_shrunk_to_the_steps_that_matter_and_the_seed_repeats_it()
    {
        string message = Find(Fault.HandsOutTwiceAfterFreeing, ConformanceCheck.RandomSequences).Message;
        Assert.Contains("(seed 1)", message);

        // Take, free, and take two that are the same.
        Assert.InRange(message.Count(letter => letter == '\n'), 4, 5);
        Assert.Equal(
            Steps(message),
            Steps(Find(Fault.HandsOutTwiceAfterFreeing, ConformanceCheck.RandomSequences).Message));
    }

    [Fact]
    public void What_the_allocator_throws_is_kept()
    {
        ConformanceException found = Find(Fault.Throws, ConformanceCheck.Sizes);
        Assert.IsType<InvalidOperationException>(found.InnerException);
        Assert.Contains("thirty-three", found.Message);
    }

    [Fact]
    public void Options_that_make_no_sense_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(
            () => AllocatorConformance.Verify(() => new Heap(), options: new() { MaxAlignment = 3 }));
        Assert.Throws<ArgumentOutOfRangeException>(
            () => AllocatorConformance.Verify(() => new Heap(), options: new() { MaxSize = Layout.MaxSize }));
    }

    private static string Steps(string message) => message[message.IndexOf('\n')..];

    private static ConformanceException Find(Fault fault, ConformanceCheck check) => fault switch
    {
        // With a limit, these run out of memory before they are seen through.
        Fault.NeverReuses => Find<HeapTraits>(fault, check, Layout.MaxSize, new()),
        Fault.NeverReusesAfterAll => Find<AllTraits>(fault, check, Layout.MaxSize, new()),
        Fault.AnswersThoughDenied or Fault.SpoilsThoughDenied =>
            Find<FewTraits>(fault, check, Capacity, s_options),
        _ => Find<HeapTraits>(fault, check, Capacity, s_options),
    };

    private static ConformanceException Find<TTraits>(
        Fault fault, ConformanceCheck check, nuint capacity, ConformanceOptions options)
        where TTraits : struct, ITraits => Assert.Throws<ConformanceException>(
            () => AllocatorConformance.Run(
                check,
                () => new FaultyHeap<TTraits>(fault, capacity),
                heap => heap.Dispose(),
                options));
}
