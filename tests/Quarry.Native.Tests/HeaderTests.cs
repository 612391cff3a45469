using System;
using System.IO;
using System.Linq;
using System.Text.Json;
using System.Text.RegularExpressions;
using Quarry.Native.Tests.Harness;
using Xunit;

namespace Quarry.Native.Tests;

/// <summary>The functions of quarry.h, called from C and C++ by way of the installed header.</summary>
public sealed partial class HeaderTests
{
    private static readonly string[] s_cases =
    [
        "statistics_follow_the_blocks",
        "statistics_count_threads",
        "a_smaller_structure_is_not_exceeded",
        "fields_that_the_library_lacks_are_zero",
        "limit_is_set_and_removed",
        "handler_frees_memory_and_has_the_request_tried_again",
        "handler_is_called_once_more_than_it_returns_true",
        "handler_is_not_called_for_what_no_heap_can_serve",
        "shrinking_at_the_limit_is_no_failure",
    ];

    public static TheoryData<string> Cases => new(s_cases);

    [Theory]
    [MemberData(nameof(Cases))]
    public void In_c(string name) => Passes("gcc", "-xc", name);

    [Theory]
    [MemberData(nameof(Cases))]
    public void In_cxx(string name) => Passes("g++", "-xc++", name);

    /// <summary>The fields of the structure are the statistics of the record, in the same order.</summary>
    [Fact]
    public void Structure_matches_the_list_of_statistics()
    {
        LibraryUnderTest.RequireQuarry();
        string header = File.ReadAllText(Path.Combine(LibraryUnderTest.Folder, "include", "quarry.h"));
        string structure = header.Split("typedef struct quarry_statistics {")[1].Split('}')[0];
        string[] fields = [.. Field().Matches(structure).Select(match => match.Groups[1].Value)];

        using JsonDocument record = RecordTests.Record("statistics_of_many_classes");
        JsonElement heap = record.RootElement.GetProperty("heap");
        Assert.Equal(fields, heap.EnumerateObject().Select(statistic => statistic.Name));
    }

    [Fact]
    public void Every_case_is_named()
    {
        LibraryUnderTest.RequireQuarry();
        string listed = new Run(Build("gcc", "-xc"), "list").Start().ExpectSuccess().Output;
        string[] inProgram = listed.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(inProgram.Order(StringComparer.Ordinal), s_cases.Order(StringComparer.Ordinal));
    }

    private static void Passes(string compiler, string language, string name)
    {
        LibraryUnderTest.RequireQuarry();
        new Run(Build(compiler, language), name).Start().ExpectSuccess();
    }

    // The options that say what is linked come last; -xnone: they are no sources.
    private static string Build(string compiler, string language)
    {
        string folder = LibraryUnderTest.Folder;
        return Compiler.Build("api_header.c", "api_header" + language, compiler, $"-I{folder}/include",
            "-xnone", $"-L{folder}", $"-Wl,-rpath,{folder}", "-lquarry");
    }

    [GeneratedRegex(@"\bsize_t (\w+);")]
    private static partial Regex Field();
}
