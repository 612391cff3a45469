using System;
using System.Collections.Concurrent;
using System.IO;
using Quarry.Native.Tests.Harness;
using Xunit;

namespace Quarry.Native.Tests;

/// <summary>A Rust program that binds jemalloc's names, as the crates of jemalloc do.</summary>
[Trait("Category", "OtherImage")]
public sealed class RustTests
{
    private static readonly ConcurrentDictionary<string, Lazy<string>> s_built = new();

    public static TheoryData<string, string, string> Cases
    {
        get
        {
            TheoryData<string, string, string> data = [];
            foreach (string name in (string[])["collections", "statistics"])
            {
                data.Add("quarry_rjem", "prefixed", name);
                data.Add("quarry_jemalloc", "prefixed", name);
                data.Add("quarry_jemalloc", "plain", name);
            }
            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Works(string library, string names, string name) =>
        new Run(Build(library, names), name).Start().ExpectSuccess();

    [Theory]
    [InlineData("quarry_rjem", "prefixed", "_RJEM_MALLOC_CONF", "dirty=55")]
    [InlineData("quarry_rjem", "prefixed", "MALLOC_CONF", "dirty=4321")]
    [InlineData("quarry_jemalloc", "prefixed", "_RJEM_MALLOC_CONF", "dirty=55")]
    [InlineData("quarry_jemalloc", "plain", "MALLOC_CONF", "dirty=55")]
    public void Options_have_the_names_of_the_crate(
        string library, string names, string variable, string expected)
    {
        string program = Build(library, names);
        Assert.Equal("dirty=4321\n", new Run(program, "options").Start().ExpectSuccess().Output);
        Outcome outcome = new Run(program, "options").With(variable, "dirty_decay_ms:55").Start();
        Assert.Equal(expected + "\n", outcome.ExpectSuccess().Output);
    }

    // The name of the library is what the crate makes of a path in JEMALLOC_OVERRIDE.
    private static string Build(string library, string names) => s_built.GetOrAdd(
        library + names, _ => new Lazy<string>(() => Compile(library, names))).Value;

    private static string Compile(string library, string names)
    {
        string folder = LibraryUnderTest.Folder;
        string output = Path.Combine(Repository.Artifacts, $"rust-{library}-{names}");
        Directory.CreateDirectory(Repository.Artifacts);
        new Run(Tool.Require("rustc"), "--edition=2018", "-O", "--cfg", names, "-L", folder,
            "-l", "dylib=" + library, "-C", $"link-arg=-Wl,-rpath,{folder}", "--cap-lints=allow",
            Path.Combine(Repository.Sources, "rust", "jemalloc.rs"), "-o", output)
        {
            Seconds = 180,
        }.Start().ExpectSuccess();
        return output;
    }
}
