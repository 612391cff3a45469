using Quarry.Native.Tests.Harness;

namespace Quarry.Native.Tests;

/// <summary>The C surface: glibc's manual, POSIX.1-2024 and C23 to the letter.</summary>
public sealed class EdgeTests : ProgramTests<EdgeTests>, ICases
{
    static string ICases.Program => "edge.c";

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
        "realloc_of_null_allocates",
        "realloc_to_zero_frees_and_returns_null",
        "realloc_of_too_much_keeps_the_block",
        "realloc_keeps_contents_over_all_transitions",
        "realloc_byte_by_byte",
        "realloc_of_aligned_blocks",
        "reallocarray_multiplies_and_keeps_contents",
        "reallocarray_overflow_keeps_the_block",
        "posix_memalign_rejects_bad_alignments",
        "posix_memalign_of_too_much",
        "posix_memalign_at_all_alignments",
        "aligned_alloc_takes_any_size",
        "aligned_functions_of_too_much_fail_with_enomem",
        "memalign_of_odd_alignments",
        "memalign_at_powers_of_two",
        "valloc_and_pvalloc_are_page_aligned",
        "mallinfo2_grows_with_allocation",
        "mallinfo_agrees_with_mallinfo2",
        "malloc_info_writes_xml",
        "malloc_info_rejects_options",
        "malloc_stats_writes_to_stderr",
        "mallopt_accepts_known_parameters",
        "malloc_trim_gives_memory_back",
        "malloc_trim_between_uses",
    ];

    static string[] ICases.QuarryAlone =>
    [
        "internal_waste_is_bounded",
        "posix_memalign_failure_keeps_errno",
        "aligned_alloc_rejects_bad_alignments",
        "free_sized_frees",
        "free_aligned_sized_frees",
        "cfree_frees",
        "whole_surface_is_in_one_library",
    ];
}
