using System;
using System.IO;
using Xunit;

namespace Quarry.Cli.Tests;

/// <summary>Modes of the allocator under "quarry run".</summary>
public sealed class ModeTests : IDisposable
{
    private const string Source =
        """
        #include <stdlib.h>

        __attribute__((noinline)) char *make(void) { char *made = malloc(48); made[0] = 1; return made; }
        __attribute__((noinline)) void drop(char *block) { free(block); __asm__ volatile("" ::: "memory"); }
        __attribute__((noinline)) void use(volatile char *block) { block[8] = 7; }

        int main(void)
        {
            char *block = make();
            drop(block);
            use(block);
            return 0;
        }
        """;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_report_names_the_functions_of_all_three_stacks_and_the_signal_is_passed_on()
    {
        string source = Path.Combine(_folder.FullName, "source.c");
        string program = Path.Combine(_folder.FullName, "program");
        File.WriteAllText(source, Source);
        _ = NativeCompiler.Compile("gcc", program, "-O1", "-g", source);
        Outcome result =
            Tool.Run("run", "--mode", "guarded", "--conf", "guard_interval:1", "--", program);
        Assert.Equal(128 + 11, result.ExitCode);
        Assert.Matches(
            @"use after free in process \d+: write at 0x[0-9a-f]+, 8 bytes inside a block of 48 bytes\n"
            + @"  by thread \d+:\n(    .*\n)*?    use  \(.*\)\n    main  \(.*\)\n(    .*\n)*"
            + @"  freed by thread \d+:\n    drop  \(.*\)\n(    .*\n)*"
            + @"  allocated by thread \d+:\n    make  \(.*\)\n(    .*\n)*",
            result.Errors);
    }

    [Fact]
    public void Checked_blocks_are_reported_by_name_with_the_sizes_that_were_passed_and_leaks()
    {
        string source = Path.Combine(_folder.FullName, "checked.c");
        string program = Path.Combine(_folder.FullName, "checked");
        File.WriteAllText(
            source,
            """
            #include <dlfcn.h>
            #include <stdlib.h>

            __attribute__((noinline)) char *make(void) { char *made = malloc(48); made[0] = 1; return made; }
            __attribute__((noinline)) void drop(char *block)
            {
                void (*sized)(void *, size_t) = (void (*)(void *, size_t))dlsym(RTLD_DEFAULT, "free_sized");
                sized(block, 40);
                __asm__ volatile("" ::: "memory");
            }

            int main(void)
            {
                drop(make());
                make();
                return 5;
            }
            """);
        _ = NativeCompiler.Compile("gcc", program, "-O1", "-g", source);
        Outcome result = Tool.Run("run", "--mode", "checked", "--conf", "leaks:report", "--", program);
        Assert.Equal(5, result.ExitCode);
        Assert.Matches(
            @"free with a wrong size in process \d+: call with 0x[0-9a-f]+, the start of a block of 48 bytes,"
            + @" size 40\n  by thread \d+:\n    drop  \(.*\)\n    main  \(.*\)\n(    .*\n)*"
            + @"  allocated by thread \d+:\n    make  \(.*\)\n(    .*\n)*",
            result.Errors);
        Assert.Matches(
            @"not freed in process \d+: 48 bytes in 1 block\n  allocated by thread \d+:\n    make  \(.*\)\n",
            result.Errors);
    }

    [Theory]
    [InlineData("guarded")]
    [InlineData("checked")]
    [InlineData("hardened")]
    public void A_program_without_errors_runs_as_ever(string mode)
    {
        Outcome result = Tool.Run(
            "run", "--mode", mode, "--conf", "guard_interval:1", "--", "sh", "-c", "echo x; exit 3");
        Assert.Equal((3, "x\n", ""), (result.ExitCode, result.Output, result.Errors));
    }

    [Theory]
    [InlineData("unknown mode 'fast': expected release, guarded, checked or hardened", "--mode", "fast")]
    [InlineData(
        "--mode needs the quarry allocator; glibc has none", "--mode", "guarded", "--allocator", "glibc")]
    public void A_wrong_mode_is_refused(string message, params string[] options)
    {
        Outcome result = Tool.Run(["run", .. options, "--", "true"]);
        Assert.Equal("quarry: " + message, result.RefusalLine(2));
    }
}
