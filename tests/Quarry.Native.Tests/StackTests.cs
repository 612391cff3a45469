using System;
using System.Globalization;
using System.IO;
using System.Linq;
using Quarry.Native.Tests.Harness;
using Xunit;

namespace Quarry.Native.Tests;

/// <summary>Stacks of C++ programs, walked by libquarry-stacks.so and by libgcc's unwinder.</summary>
[Trait("Category", "OtherImage")]
public sealed class StackTests
{
    private static readonly string[] s_ways = ["library", "query", "maps"];

    private static readonly string[] s_frames =
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
    ];

    private static readonly string[] s_modules =
    [
        "modules_are_reported_once",
        "library_replaced_by_another",
        "code_without_frame",
        "damaged_stack",
    ];

    // Segments at distances of 2 MiB: the C library reports them one by one.
    private static readonly string[] s_gaps =
        ["-no-pie", "-Wl,-z,separate-code", "-Wl,-z,max-page-size=0x200000"];

    public static TheoryData<string, string> Frames => Cases(s_frames);

    public static TheoryData<string, string> Modules => Cases(s_modules);

    [Theory]
    [MemberData(nameof(Frames))]
    public void Frames_are_those_of_libgcc(string name, string way) =>
        Run(Build("stacks.cpp", "stacks"), name, way);

    [Theory]
    [MemberData(nameof(Frames))]
    public void Program_may_have_gaps(string name, string way) =>
        Run(Build("stacks.cpp", "stacks-gaps", s_gaps), name, way);

    [Theory]
    [MemberData(nameof(Modules))]
    public void Modules_and_damage(string name, string way) =>
        Run(Build("stacks_modules.cpp", "stacks_modules"), name, way);

    [Fact]
    public void Every_case_is_named()
    {
        Assert.Equal(Listed(Build("stacks.cpp", "stacks")), s_frames.Order(StringComparer.Ordinal));
        Assert.Equal(
            Listed(Build("stacks_modules.cpp", "stacks_modules")), s_modules.Order(StringComparer.Ordinal));
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

    private static TheoryData<string, string> Cases(string[] names)
    {
        TheoryData<string, string> data = [];
        foreach (string name in names)
        {
            foreach (string way in s_ways)
                data.Add(name, way);
        }
        return data;
    }

    // Without a preloaded malloc: libgcc follows any word as a frame when a signal interrupts code whose
    // unwind information omits the return from a function, as that of compiled C# does, and crashes.
    private static void Run(string program, string name, string way) =>
        new Run(program, name, way, Library(64), Library(192)).Start().ExpectSuccess();

    private static string[] Listed(string program) =>
        [.. new Run(program, "list").Start().ExpectSuccess().Output
            .Split('\n', StringSplitOptions.RemoveEmptyEntries).Order(StringComparer.Ordinal)];

    private static string Build(string source, string name, params string[] options) =>
        Compiler.Build(source, name, "g++", [
            "-std=c++20", "-fomit-frame-pointer", $"-Wl,-rpath,{LibraryUnderTest.Folder}",
            Path.Combine(LibraryUnderTest.Folder, "libquarry-stacks.so"), .. options]);

    private static string Library(int frameBytes) => Compiler.Build("stacks_library.c",
        $"libstacks-{frameBytes}.so", "gcc", "-shared", "-fPIC", $"-DFRAME_BYTES={frameBytes}");

    private static double Percent(string text) =>
        double.Parse(text.TrimEnd('%', ' '), CultureInfo.InvariantCulture);
}
