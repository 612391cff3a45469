using System.IO;
using System.Linq;
using Quarry.Native.Tests.Harness;
using Xunit;

namespace Quarry.Native.Tests;

/// <summary>Large blocks: growth in place, no cliff when they come and go, memory given back.</summary>
public sealed class LargeTests : ProgramTests<LargeTests>, ICases
{
    static string ICases.Program => "large.c";

    static string[] ICases.EveryMalloc =>
    [
        "realloc_up_and_down_by_factors",
        "realloc_by_small_steps",
        "two_blocks_grow_in_turn",
        "shrinking_gives_memory_back",
        "churn_of_1_to_32_mib",
        "churn_of_touched_blocks_is_bounded",
        "same_size_again_and_again_keeps_its_pages",
        "many_live_blocks",
        "large_calloc_is_zero_without_touching",
        "large_calloc_is_zero_after_use",
        "address_space_is_bounded",
    ];

    static string[] ICases.QuarryAlone =>
    [
        "growth_does_not_copy",
        "growing_blocks_follow_each_other",
        "blocks_that_share_huge_pages_keep_their_contents",
        "shrinking_inside_a_slice_gives_memory_back",
        "freed_memory_returns_on_trim",
        "untouched_memory_costs_nothing",
    ];

    static string[] ICases.Others => ["dirty_pages_decay", "dirty_pages_go_at_once", "dirty_pages_stay"];

    [Theory]
    [InlineData("dirty_pages_decay", "decay_ms:50")]
    [InlineData("dirty_pages_go_at_once", "decay_ms:0")]
    [InlineData("dirty_pages_stay", "decay_ms:-1")]
    public void Decay_is_configured(string name, string configuration)
    {
        LibraryUnderTest.RequireQuarry();
        Program.Case(name).With("QUARRY_CONF", configuration).Start().ExpectSuccess();
    }

    [Fact]
    public void Churn_of_1_to_32_mib_costs_few_system_calls()
    {
        string log = Path.Combine(Repository.FreshFolder("churn"), "calls");
        Strace.Trace("-e", "trace=mmap,munmap,mremap,madvise,mprotect,brk", "-o", log, Program.Path,
            "churn_of_1_to_32_mib").Start().ExpectSuccess();
        int calls = File.ReadLines(log).Count();
        // 10000 blocks come and go: less than one call for two of them.
        Assert.InRange(calls, 1, 5000);
    }
}
