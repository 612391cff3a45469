using Quarry.Native.Tests.Harness;

namespace Quarry.Native.Tests;

/// <summary>malloc, calloc and free, and what may be done with a block.</summary>
public sealed class BlockTests : ProgramTests<BlockTests>, ICases
{
    static string ICases.Program => "blocks.c";

    static string[] ICases.EveryMalloc =>
    [
        "malloc_zero_is_unique_and_freeable",
        "free_null_does_nothing",
        "free_keeps_errno",
        "malloc_of_too_much_fails_with_enomem",
        "malloc_of_more_than_the_address_space_fails",
        "calloc_overflow_fails_with_enomem",
        "calloc_of_nothing_is_unique",
        "calloc_is_zero_after_dirty_reuse",
        "calloc_multiplies",
        "blocks_are_aligned_for_any_type",
        "usable_size_covers_the_request",
        "usable_size_is_writable_to_the_last_byte",
        "usable_size_of_aligned_blocks",
        "sizes_at_class_borders",
        "blocks_never_overlap",
    ];

    static string[] ICases.QuarryAlone =>
    [
        "internal_waste_is_bounded",
    ];
}
