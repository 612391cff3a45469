using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Reflection;
using Quarry.Native.Tests.Harness;
using Xunit;

namespace Quarry.Native.Tests;

/// <summary>
/// The library for arm64 under qemu-user, which emulates the processor and passes system calls on. It runs
/// the threads of a program on those of this machine, whose stores are seen in order: a missing barrier shows
/// in the tests of memory order, not here.
/// </summary>
[Trait("Category", "Emulated")]
public sealed class Arm64Tests
{
    /// <summary>The cases of every class with cases.</summary>
    public static TheoryData<string, string> Cases
    {
        get
        {
            TheoryData<string, string> data = [];
            foreach ((string program, string name) in AllCases())
            {
                data.Add(program, name);
            }

            return data;
        }
    }

    public static TheoryData<string> Signals => new(SignalTests.Names);

    public static MatrixTheoryData<string, string> Ways => new(
        ["preloaded", "linked", "static"],
        ["allocate", "fails_with_enomem", "threads", "child", "standard_io"]);

    public static MatrixTheoryData<string, string> Loads => new(
        ["libquarry.so", "libquarry-dlopen.so"],
        ["used_from_threads", "loaded_after_threads_started", "closed_before_threads_end"]);

    /// <summary>A program, a case, and pages that are larger than those of the other tests.</summary>
    public static MatrixTheoryData<string, int> LargePages => new(
        [
            "aligned.c valloc_and_pvalloc_are_page_aligned", "aligned.c posix_memalign_at_all_alignments",
            "blocks.c blocks_never_overlap", "realloc.c realloc_keeps_contents_over_all_transitions",
            "large.c churn_of_1_to_32_mib", "threads.c contents_under_stress",
            "extras.c malloc_trim_gives_memory_back",
        ],
        [16 * 1024, 64 * 1024]);

    [Theory]
    [MemberData(nameof(Cases))]
    public void Case(string program, string name)
    {
        string? reason = NotEmulated.Reason(program, name);
        Assert.SkipWhen(reason is not null, reason ?? "");
        Arm64.Case(program, name).Start().ExpectSuccess();
    }

    [Theory]
    [MemberData(nameof(Signals))]
    public void The_heap_stays_whole_in_signal_handlers(string name) =>
        Arm64.Case("signals.c", name).With("QUARRY_CONF", "foreign:abort").Start().ExpectSuccess();

    [Theory]
    [MemberData(nameof(LargePages))]
    public void Kernels_with_larger_pages(string name, int pageSize)
    {
        string[] words = name.Split(' ');
        Arm64.Case(words[0], words[1], pageSize).Start().ExpectSuccess();
    }

    [Theory]
    [InlineData("mode:guarded,guard_interval:1", "write_after_free", "use after free: access at")]
    [InlineData("mode:checked", "free_twice", "double free: call with")]
    [InlineData("mode:hardened", "free_inside", "free of an address that is not a block: call with")]
    public void Modes_report_errors(string mode, string name, string report)
    {
        string program = Arm64.Build("errors.c"), library = Path.Combine(Arm64.Folder, "libquarry.so");
        Run run = Arm64.Run(program, library, 4096, name, "small").With("QUARRY_CONF", mode);
        Assert.Contains($"quarry: {report}", run.Start().Errors, StringComparison.Ordinal);
    }

    /// <summary>The kernel's pages decide the unit in which memory is mapped.</summary>
    [Theory]
    [InlineData(4 * 1024)]
    [InlineData(16 * 1024)]
    [InlineData(64 * 1024)]
    public void The_unit_of_large_blocks_is_the_page_of_the_kernel(int pageSize)
    {
        Outcome outcome = Arm64.Run(
            Arm64.Build("page_unit.c"), Path.Combine(Arm64.Folder, "libquarry.so"), pageSize).Start();
        Assert.Equal($"{pageSize} {pageSize}\n", outcome.ExpectSuccess().Output);
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public void Ways_to_use_the_library(string way, string name)
    {
        string program = way switch
        {
            "linked" => Arm64.Build(
                "plain.c", "-linked", $"-L{Arm64.Folder}", $"-Wl,-rpath,{Arm64.Folder}", "-lquarry"),
            "static" => Arm64.Build(
                "plain.c", "-static", "-static", Path.Combine(Arm64.Folder, "libquarry.a")),
            _ => Arm64.Build("plain.c"),
        };
        string? preload = way == "preloaded" ? Path.Combine(Arm64.Folder, "libquarry.so") : null;
        Arm64.Run(program, preload, 4096, name).Start().ExpectSuccess();
    }

    [Theory]
    [MemberData(nameof(Loads))]
    public void Two_copies_are_loaded_at_run_time(string image, string name)
    {
        string folder = Repository.FreshFolder($"arm64-{image}-{name}");
        string[] copies = [Path.Combine(folder, "libcopy0.so"), Path.Combine(folder, "libcopy1.so")];
        foreach (string copy in copies)
        {
            File.Copy(Path.Combine(Arm64.Folder, image), copy);
        }

        Arm64.Run(Arm64.Build("copies.c"), null, 4096, [name, .. copies]).Start().ExpectSuccess();
    }

    [Fact]
    public void Every_case_that_is_not_run_exists() => Assert.Empty(
        NotEmulated.Cases.Except(AllCases().Select(item => $"{item.Program} {item.Name}")));

    private static IEnumerable<(string Program, string Name)> AllCases()
    {
        MethodInfo cases = typeof(Arm64Tests).GetMethod(
            nameof(CasesOf), BindingFlags.NonPublic | BindingFlags.Static)!;
        return typeof(Arm64Tests).Assembly.GetTypes()
            .Where(type => type is { IsClass: true, IsAbstract: false })
            .Where(typeof(ICases).IsAssignableFrom)
            .OrderBy(type => type.Name, StringComparer.Ordinal)
            .SelectMany(type =>
                (IEnumerable<(string, string)>)cases.MakeGenericMethod(type).Invoke(null, null)!);
    }

    private static IEnumerable<(string Program, string Name)> CasesOf<T>() where T : ICases =>
        T.EveryMalloc.Concat(T.QuarryAlone).Select(name => (T.Program, name));
}
