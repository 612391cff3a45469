using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.Json;
using Quarry.Cli.BeforeMain;
using Quarry.Tools.Running;
using Xunit;

namespace Quarry.Cli.Tests;

/// <summary>"quarry before-main" with the compilers and runtimes of this machine.</summary>
public sealed class BeforeMainTests
{
    // Marks of a C program: a block of the size that the counting allocator recognizes.
    private const string Marking =
        """
        #include <stdlib.h>
        #include <string.h>
        static void *(*volatile take)(size_t) = malloc;
        static void mark(void) { free(take(2718281)); }
        """;

    [Fact]
    public void Blocks_of_a_C_program_are_counted_to_the_byte()
    {
        using TemporaryFolder folder = new();
        AllocationStatistics[] marks = Count(Installed.CompileC(folder.FullName, Marking +
            """
            int main(void) {
                mark();
                char *a = take(100);
                char *b = calloc(3, 7);
                mark();
                a = realloc(a, 150);
                b = realloc(b, 1);
                mark();
                free(a);
                free(b);
                mark();
            }
            """));
        Assert.Equal(
            [
                new AllocationStatistics(0, 0, 0, 0),
                new AllocationStatistics(121 + 2718281, 3, 121, 2),
                new AllocationStatistics(171 + (2 * 2718281), 4, 151, 2),
                new AllocationStatistics(171 + (3 * 2718281), 5, 0, 0),
            ],
            marks);
    }

    [Fact]
    public void What_a_global_constructor_of_CXX_allocates_comes_before_main()
    {
        const string Planted = "static char *planted = new char[12345];", Main = "int main() { mark(); }";
        string[] cxx = ["-O0", "-x", "c++", "-Wl,--no-as-needed", "-lstdc++"];
        using TemporaryFolder folder = new();
        AllocationStatistics without = AtMain(Marking + Main);
        AllocationStatistics with = AtMain(Marking + Planted + Main);
        Assert.Equal(new AllocationStatistics(12345, 1, 12345, 1), with - without);

        AllocationStatistics AtMain(string source) =>
            Assert.Single(Count(Installed.CompileC(folder.FullName, source, cxx)));
    }

    [Fact]
    public void Marks_are_found_wherever_in_a_line_they_stand()
    {
        AllocationStatistics[] marks = MarkReader.Read(
            "hellocounter: mark: 10 bytes in 2 blocks so far, 4 bytes in 1 blocks in use\n" +
            "counter: 1 bytes in 1 blocks before main\nmanaged: 77 bytes\n");
        Assert.Equal([new AllocationStatistics(10, 2, 4, 1, 77)], marks);
    }

    [Fact]
    public void The_median_is_one_of_the_runs()
    {
        Assert.Equal(new Quantity(2, 1, 9), Quantity.Of([9, 1, 2]));
        Assert.Equal(new Quantity(2, 1, 9), Quantity.Of([9, 1, 2, 8]));
        Assert.False(Quantity.Of([3, 3]).Varies);
    }

    [Fact]
    public void C_allocates_nothing_before_main()
    {
        JsonElement c = Language("c", "gcc");
        Assert.Equal(0, BeforeMain(c, "bytes"));
        Assert.Equal(100, FirstUse(c, "free(malloc(100))", "bytes"));
        Assert.Equal(0, FirstUse(c, "free(malloc(100))", "bytes_in_use"));
        Assert.Equal(6, FirstUse(c, "free(strdup(\"hello\"))", "bytes"));
        Assert.Equal(0, FirstUse(c, "getenv(\"PATH\")", "blocks"));
    }

    [Fact]
    public void CXX_has_constructs_with_and_without_blocks()
    {
        JsonElement cxx = Language("c++", "g++");
        Assert.Equal(0, FirstUse(cxx, "std::vector<int> numbers", "bytes"));
        Assert.Equal(12, FirstUse(cxx, "std::vector<int> numbers{1, 2, 3}", "bytes"));
        Assert.Equal(2, FirstUse(cxx, "std::shared_ptr<int>(new int(1))", "blocks"));
    }

    [Fact]
    public void Rust_allocates_before_main_and_for_standard_output()
    {
        JsonElement rust = Language("rust", "rustc");
        Assert.InRange(BeforeMain(rust, "bytes"), 1, 100_000);
        Assert.InRange(FirstUse(rust, "println!()", "bytes"), 1, 100_000);
        Assert.Equal(0, FirstUse(rust, "std::io::stderr().write(b\"hello\")", "bytes"));
        Assert.Equal(5, FirstUse(rust, "String::from(\"hello\")", "bytes"));
    }

    [Fact]
    public void Python_has_made_its_interpreter_before_the_first_line()
    {
        JsonElement python = Language("python", "python3");
        Assert.InRange(BeforeMain(python, "bytes_in_use"), 100_000, 1L << 30);
        Assert.InRange(BeforeMain(python, "blocks"), 1000, 1L << 30);
        Assert.InRange(FirstUse(python, "list(range(1000))", "bytes"), 8 * 1000, 1_000_000);
    }

    [Fact]
    public void DotNet_has_managed_and_native_statistics()
    {
        JsonElement dotnet = Language("dotnet", "dotnet");
        Assert.InRange(BeforeMain(dotnet, "managed_bytes"), 1000, 10_000_000);
        Assert.InRange(BeforeMain(dotnet, "bytes"), 100_000, 1L << 30);
        Assert.InRange(Median(dotnet, "managed_objects"), 10, 100_000);
        Assert.Equal(24, FirstUse(dotnet, "new object()", "managed_bytes"));
        Assert.Equal(16 + 8 + 400, FirstUse(dotnet, "new int[100]", "managed_bytes"));
    }

    [Fact]
    public void Tables_have_a_row_for_each_construct_and_no_colours_in_a_pipe()
    {
        _ = TestSupport.Tool.Require("gcc");
        Outcome result = Tool.Run("before-main", "--language", "c", "--runs", "1");
        Assert.Equal(0, result.ExitCode);
        Assert.Equal("", result.Errors);
        Assert.Matches(@"\n  C +0 +0 +0 +0 *\n", result.Output);
        Assert.Matches(@"\n  free\(malloc\(100\)\) +100 +1 +0 +100 *\n", result.Output);
        Assert.DoesNotContain('\e', result.Output);
    }

    [Fact]
    public void Languages_without_tools_are_skipped_with_installation_advice()
    {
        using TemporaryFolder folder = new();
        Outcome result =
            Tool.RunWith(new Dictionary<string, string> { ["PATH"] = folder.FullName }, "", "before-main");
        Assert.Equal(0, result.ExitCode);
        string[] tools = ["gcc", "g\\+\\+", "rustc", "python3", "dotnet"];
        Assert.All(tools, t => Assert.Matches($"\n.* was skipped: requires .*{t}", result.Output));
        Assert.DoesNotContain("Before main", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_failing_compiler_is_reported_and_the_others_are_measured()
    {
        _ = TestSupport.Tool.Require("gcc");
        using TemporaryFolder folder = new();
        string broken = folder.File("rustc");
        File.WriteAllText(broken, "#!/bin/sh\necho no linker >&2\nexit 1\n");
        File.SetUnixFileMode(broken, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        Dictionary<string, string> environment =
            new() { ["PATH"] = folder.FullName + ":" + Environment.GetEnvironmentVariable("PATH") };
        Outcome result =
            Tool.RunWith(environment, "", "before-main", "--language", "c,rust", "--runs", "1", "--json");
        Assert.Equal(1, result.ExitCode);
        using JsonDocument json = JsonDocument.Parse(result.Output);
        JsonElement measured = Assert.Single(Items(json.RootElement, "languages"));
        Assert.Equal("c", measured.GetProperty("name").GetString());
        JsonElement skipped = Assert.Single(Items(json.RootElement, "skipped"));
        Assert.Equal("rustc failed with exit code 1: no linker", skipped.GetProperty("reason").GetString());
    }

    private static JsonElement.ArrayEnumerator Items(JsonElement element, string name) =>
        element.GetProperty(name).EnumerateArray();

    private static long Median(JsonElement figures, string figure) =>
        figures.GetProperty(figure).GetProperty("median").GetInt64();

    private static long BeforeMain(JsonElement language, string figure) =>
        Median(language.GetProperty("before_main"), figure);

    private static long FirstUse(JsonElement language, string code, string figure)
    {
        JsonElement construct =
            Items(language, "constructs").Single(c => c.GetProperty("code").GetString() == code);
        return Median(construct.GetProperty("first"), figure);
    }

    private static JsonElement Language(string name, string tool)
    {
        _ = TestSupport.Tool.Require(tool);
        Outcome result = Tool.Run("before-main", "--language", name, "--runs", "1", "--json");
        Assert.Equal("", result.Errors);
        using JsonDocument json = JsonDocument.Parse(result.Output);
        Assert.Empty(Items(json.RootElement, "skipped"));
        return Assert.Single(Items(json.RootElement, "languages")).Clone();
    }

    private static AllocationStatistics[] Count(string program)
    {
        using ProbeRunner runner = new(TestContext.Current.CancellationToken);
        return runner.Count(new ProbeProgram("", [], _ => ProgramCall.Of(program)), construct: null);
    }
}
