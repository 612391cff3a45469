using Quarry.Native.Tests.Harness;
using Xunit;

namespace Quarry.Native.Tests;

/// <summary>Many threads on one heap.</summary>
public sealed class ThreadTests : ProgramTests<ThreadTests>, ICases
{
    static string ICases.Program => "threads.c";

    static string[] ICases.EveryMalloc =>
    [
        "contents_under_stress",
        "contents_with_threads_coming_and_going",
        "producer_and_consumer",
        "realloc_of_other_threads_blocks",
        "detached_threads",
        "many_threads_at_once",
    ];

    /// <summary>The bound on memory is Quarry's.</summary>
    static string[] ICases.QuarryAlone =>
    [
        "thousands_of_short_threads",
    ];

    /// <summary>Regions that hold 63 slices are added, and used up, all the time.</summary>
    [Fact]
    public void In_small_regions()
    {
        LibraryUnderTest.RequireQuarry();
        Program.Case("contents_with_threads_coming_and_going")
            .With("QUARRY_CONF", "reserve:4M,decay_ms:0").Start().ExpectSuccess();
    }
}
