using Quarry.Native.Tests.Harness;

namespace Quarry.Native.Tests;

/// <summary>The functions that take an alignment.</summary>
public sealed class AlignedTests : ProgramTests<AlignedTests>, ICases
{
    static string ICases.Program => "aligned.c";

    static string[] ICases.EveryMalloc =>
    [
        "posix_memalign_rejects_bad_alignments",
        "posix_memalign_of_too_much",
        "posix_memalign_at_all_alignments",
        "aligned_alloc_takes_any_size",
        "aligned_functions_of_too_much_fail_with_enomem",
        "memalign_of_odd_alignments",
        "memalign_at_powers_of_two",
        "valloc_and_pvalloc_are_page_aligned",
    ];

    static string[] ICases.QuarryAlone =>
    [
        "posix_memalign_of_too_much_sets_errno",
        "aligned_alloc_rejects_bad_alignments",
    ];
}
