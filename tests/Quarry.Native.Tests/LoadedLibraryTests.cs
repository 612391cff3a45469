using System.Collections.Generic;
using System.IO;
using System.Linq;
using Quarry.Native.Tests.Harness;
using Xunit;

namespace Quarry.Native.Tests;

/// <summary>The library loaded at run time by dlopen, once and in several copies, into a process that has a
/// malloc; and the image for that, with glibc and with musl.</summary>
public sealed class LoadedLibraryTests
{
    private static readonly TestProgram s_program = new("copies.c");

    private static readonly string s_image = Path.Combine(LibraryUnderTest.Folder, "libquarry-dlopen.so");

    private static readonly string[] s_cases =
    [
        "used_from_threads",
        "used_from_threads_under_deepbind",
        "loaded_after_threads_started",
        "loaded_in_a_thread",
        "closed_before_threads_end",
        "opened_and_closed_many_times",
    ];

    public static TheoryData<string, int> Cases
    {
        get
        {
            TheoryData<string, int> data = [];
            foreach (string name in s_cases)
            {
                data.Add(name, 1);
                data.Add(name, 2);
            }
            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Loaded(string name, int copies) =>
        Load(s_program.Path, LibraryUnderTest.RequireFile(), name, copies);

    [Theory]
    [MemberData(nameof(Cases))]
    public void The_image_for_dlopen_is_loaded(string name, int copies) =>
        Load(s_program.Path, s_image, name, copies);

    [Theory]
    [MemberData(nameof(Cases))]
    public void The_image_for_dlopen_is_loaded_by_musl(string name, int copies) =>
        Load(Compiler.Build("copies.c", "copies-musl", "musl-gcc"), s_image, name, copies);

    [Theory]
    [InlineData("libquarry.so", false)]
    [InlineData("libquarry-dlopen.so", true)]
    public void Only_the_image_for_dlopen_needs_no_room_in_the_static_thread_local_storage(
        string name, bool loads)
    {
        string image = Path.Combine(LibraryUnderTest.Folder, name);
        string[] arguments = ["no_room_in_static_storage", image, .. Fillers(name)];
        Outcome outcome = new Run(s_program.Path, arguments).Start();
        if (loads)
            outcome.ExpectSuccess();
        else
            Assert.Contains("cannot allocate memory in static TLS block", outcome.Errors);
    }

    [Fact]
    public void Musl_refuses_the_image_for_other_ways()
    {
        string program = Compiler.Build("copies.c", "copies-musl", "musl-gcc");
        Outcome outcome = new Run(
            program, "used_from_threads", Path.Combine(LibraryUnderTest.Folder, "libquarry.so")).Start();
        Assert.Contains("initial-exec TLS", outcome.Errors);
    }

    [Fact]
    public void Copies_do_not_know_each_other()
    {
        LibraryUnderTest.RequireQuarry();
        Load(s_program.Path, LibraryUnderTest.RequireFile(), "copies_do_not_know_each_other", 2);
    }

    [Fact]
    public void Sixteen_copies_find_room_in_the_static_thread_local_storage()
    {
        LibraryUnderTest.RequireQuarry();
        Load(s_program.Path, LibraryUnderTest.RequireFile(), "used_from_threads", 16);
    }

    [Fact]
    public void Every_case_is_named() => s_program.HasExactly(
        [.. s_cases, "copies_do_not_know_each_other", "no_room_in_static_storage"]);

    // Enough libraries of each size that fewer bytes than the last one has are left.
    private static IEnumerable<string> Fillers(string test)
    {
        string folder = Repository.FreshFolder($"fillers-{test}");
        foreach (int size in (int[])[1024, 512, 256, 128, 64, 32, 16, 8])
        {
            string built = Compiler.Build(
                "static_storage.c", $"static_storage-{size}", "gcc", "-shared", "-fPIC", $"-DSIZE={size}");
            for (int copy = 0; copy < 4; copy++)
            {
                string path = Path.Combine(folder, $"libfill{size}-{copy}.so");
                File.Copy(built, path);
                yield return path;
            }
        }
    }

    private static void Load(string program, string library, string name, int copies)
    {
        string folder = Repository.FreshFolder(
            $"{Path.GetFileName(program)}-{Path.GetFileName(library)}-{name}-{copies}");
        string[] paths = [.. Enumerable.Range(0, copies).Select(i => Path.Combine(folder, $"libcopy{i}.so"))];
        foreach (string path in paths)
            File.Copy(library, path);
        Run run = new(program, [name, .. paths]);
        string options = LibraryUnderTest.Options(null);
        (options.Length == 0 ? run : run.With("MALLOC_CONF", options)).Start().ExpectSuccess();
    }
}
