using Quarry.Native.Tests.Harness;

namespace Quarry.Native.Tests;

/// <summary>realloc and reallocarray.</summary>
public sealed class ReallocTests : ProgramTests<ReallocTests>, ICases
{
    static string ICases.Program => "realloc.c";

    static string[] ICases.EveryMalloc =>
    [
        "realloc_of_null_allocates",
        "realloc_of_too_much_keeps_the_block",
        "realloc_keeps_contents_over_all_transitions",
        "realloc_byte_by_byte",
        "realloc_of_aligned_blocks",
        "reallocarray_multiplies_and_keeps_contents",
        "reallocarray_overflow_keeps_the_block",
    ];

    static string[] ICases.QuarryAlone =>
    [
        "realloc_to_zero_frees_and_returns_null",
    ];
}
