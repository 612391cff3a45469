using System.IO;
using System.Linq;
using Quarry.Native.Tests.Harness;
using Xunit;

namespace Quarry.Native.Tests;

/// <summary>The library loaded at run time by dlopen, once and in several copies, into a process that has a
/// malloc.</summary>
public sealed class LoadedLibraryTests
{
    private static readonly TestProgram s_program = new("copies.c");

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
    public void Loaded(string name, int copies) => Load(name, copies);

    [Fact]
    public void Copies_do_not_know_each_other()
    {
        LibraryUnderTest.RequireQuarry();
        Load("copies_do_not_know_each_other", 2);
    }

    [Fact]
    public void Sixteen_copies_find_room_in_the_static_thread_local_storage()
    {
        LibraryUnderTest.RequireQuarry();
        Load("used_from_threads", 16);
    }

    [Fact]
    public void Every_case_is_named() => s_program.HasExactly([.. s_cases, "copies_do_not_know_each_other"]);

    private static void Load(string name, int copies)
    {
        string library = LibraryUnderTest.RequireFile(),
            folder = Repository.FreshFolder($"copies-{name}-{copies}");
        string[] paths = [.. Enumerable.Range(0, copies).Select(i => Path.Combine(folder, $"libcopy{i}.so"))];
        foreach (string path in paths)
            File.Copy(library, path);
        new Run(s_program.Path, [name, .. paths]).Start().ExpectSuccess();
    }
}
