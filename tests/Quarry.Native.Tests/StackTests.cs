using System;
using System.Globalization;
using System.IO;
using System.Linq;
using Quarry.Native.Tests.Harness;
using Xunit;

namespace Quarry.Native.Tests;

/// <summary>Stacks of C++ programs, walked by libquarry-stacks.so and by libgcc's unwinder.</summary>
public sealed class StackTests
{
    private static readonly string[] s_ways = ["library", "query", "maps"];

    private static readonly string[] s_cases =
    [
        "recursion",
        "frames_of_all_kinds",
        "sorting",
        "longer_than_the_memory",
        "exceptions",
        "signal_handler",
        "signal_handler_on_alternate_stack",
        "alternate_stack_within_the_stack",
        "interrupted_anywhere",
        "threads",
        "destructor_of_a_thread",
        "coroutine",
        "constructor",
        "exit_handler",
        "modules_are_reported_once",
        "library_replaced_by_another",
        "code_without_frame",
        "damaged_stack",
    ];

    private static string Program => Compiler.Build("stacks.cpp", "stacks", "g++", "-std=c++20",
        "-fomit-frame-pointer", $"-Wl,-rpath,{LibraryUnderTest.Folder}",
        Path.Combine(LibraryUnderTest.Folder, "libquarry-stacks.so"));

    public static TheoryData<string, string> Cases
    {
        get
        {
            TheoryData<string, string> data = [];
            foreach (string name in s_cases)
            {
                foreach (string way in s_ways)
                    data.Add(name, way);
            }
            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Walk(string name, string way)
    {
        LibraryUnderTest.RequireQuarry();
        new Run(Program, name, way, Library(64), Library(192)) { Preload = LibraryUnderTest.Preload }
            .Start().ExpectSuccess();
    }

    [Fact]
    public void Every_case_is_named()
    {
        string listed = new Run(Program, "list").Start().ExpectSuccess().Output;
        Assert.Equal(s_cases.Order(StringComparer.Ordinal),
            listed.Split('\n', StringSplitOptions.RemoveEmptyEntries).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("sqlite3")]
    [InlineData("git")]
    [InlineData("perl")]
    public void Walks_inside_of_malloc_are_complete(string program)
    {
        LibraryUnderTest.RequireQuarry();
        _ = Tool.Require(program);
        string script = Path.Combine(Repository.Root, "bench", "stacks.sh");
        Outcome outcome = new Run("sh", script, program).With("STACKS_EVERY", "64").Start().ExpectSuccess();
        string[] row = outcome.Output.Trim().Split('\n').Last().Split('|', StringSplitOptions.TrimEntries);
        Assert.Equal(program, row[1]);
        Assert.True(int.Parse(row[2], CultureInfo.InvariantCulture) > 100, outcome.Output);
        Assert.InRange(Percent(row[4]), 99.5, 100);
        Assert.InRange(Percent(row[5]), 99.5, 100);
    }

    private static string Library(int frameBytes) => Compiler.Build("stacks_library.c",
        $"libstacks-{frameBytes}.so", "gcc", "-shared", "-fPIC", $"-DFRAME_BYTES={frameBytes}");

    private static double Percent(string text) =>
        double.Parse(text.TrimEnd('%', ' '), CultureInfo.InvariantCulture);
}
