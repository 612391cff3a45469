using Quarry.Native.Tests.Harness;

namespace Quarry.Native.Tests;

/// <summary>C23's sized frees and glibc's extras.</summary>
public sealed class ExtrasTests : ProgramTests<ExtrasTests>, ICases
{
    static string ICases.Program => "extras.c";

    static string[] ICases.EveryMalloc =>
    [
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
        "free_sized_frees",
        "free_aligned_sized_frees",
        "cfree_frees",
        "whole_surface_is_in_one_library",
    ];
}
