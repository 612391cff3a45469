using System.IO;
using Quarry.Native.Tests.Harness;
using Xunit;

namespace Quarry.Native.Tests;

/// <summary>Programs that use jemalloc if they find it, in each way in which Quarry can be there.</summary>
public sealed class DetectionTests
{
    private static readonly TestProgram s_program = new("detection.cpp");

    private static readonly string s_link = Path.Combine(LibraryUnderTest.Folder, "libjemalloc.so.2");

    [Theory]
    [InlineData("folly", "found")]
    [InlineData("rocksdb", "found")]
    [InlineData("rocksdb_cache", "destroyed")]
    [InlineData("mariadb", "jemalloc 5.")]
    public void Jemalloc_is_found(string name, string expected)
    {
        LibraryUnderTest.RequireQuarry();
        Assert.StartsWith(expected, s_program.Case(name).Start().ExpectSuccess().Output);
        string linked = Compiler.Build(
            "detection.cpp", "detection-linked", "g++", "-std=c++20", "-Wl,--no-as-needed", $"-L{s_link}",
            "-l:libjemalloc.so.2");
        Run run = new Run(linked, name).With("LD_LIBRARY_PATH", s_link);
        Assert.StartsWith(expected, run.Start().ExpectSuccess().Output);
    }

    [Theory]
    [InlineData("folly")]
    [InlineData("rocksdb")]
    [InlineData("mariadb")]
    public void Jemalloc_is_not_found_without_it(string name) =>
        Assert.Equal("absent\n", new Run(s_program.Path, name).Start().ExpectSuccess().Output);

    [Fact]
    public void Every_case_is_named() => s_program.HasExactly("folly", "rocksdb", "rocksdb_cache", "mariadb");
}
