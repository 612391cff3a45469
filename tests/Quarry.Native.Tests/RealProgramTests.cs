using System.IO;
using Quarry.Native.Tests.Harness;
using Xunit;

namespace Quarry.Native.Tests;

/// <summary>
/// Real programs, from the scripts of tests/native/real: each runs twice in an empty folder, without and with
/// the library under test, and must say and do the same.
/// </summary>
public sealed class RealProgramTests
{
    [Theory]
    [InlineData("python", "python3")]
    [InlineData("perl", "perl")]
    [InlineData("node", "node")]
    [InlineData("lua", "lua5.4")]
    [InlineData("java", "java")]
    [InlineData("sqlite", "sqlite3")]
    [InlineData("gcc", "gcc")]
    [InlineData("g++", "g++")]
    [InlineData("git", "git")]
    [InlineData("redis", "redis-server", "redis-cli")]
    [InlineData("cargo", "cargo", "rustc")]
    [InlineData("dotnet", "dotnet")]
    [InlineData("pipeline", "bash", "awk", "sort", "gzip", "xz", "tar")]
    public void Does_the_same(string script, params string[] tools) =>
        _ = Compare(script, tools);

    [Trait("Category", "Mode")]
    [Theory]
    [InlineData("checked", "sqlite", "sqlite3")]
    [InlineData("checked", "lua", "lua5.4")]
    [InlineData("checked", "python", "python3")]
    [InlineData("checked", "perl", "perl")]
    [InlineData("checked", "redis", "redis-server", "redis-cli")]
    [InlineData("checked", "git", "git")]
    [InlineData("checked", "gcc", "gcc")]
    [InlineData("checked", "dotnet", "dotnet")]
    [InlineData("hardened", "sqlite", "sqlite3")]
    [InlineData("hardened", "lua", "lua5.4")]
    [InlineData("hardened", "python", "python3")]
    [InlineData("hardened", "perl", "perl")]
    [InlineData("hardened", "redis", "redis-server", "redis-cli")]
    [InlineData("hardened", "git", "git")]
    [InlineData("hardened", "gcc", "gcc")]
    [InlineData("hardened", "dotnet", "dotnet")]
    public void Does_the_same_in_a_mode(string mode, string script, params string[] tools)
    {
        LibraryUnderTest.RequireQuarry();
        Outcome with = Compare(script, tools, $"mode:{mode}");
        Assert.DoesNotContain("quarry: ", with.Errors, System.StringComparison.Ordinal);
    }

    private static Outcome Compare(string script, string[] tools, string options = "")
    {
        foreach (string tool in tools)
            Tool.Require(tool);
        Outcome without = Execute(script, null), with = Execute(script, LibraryUnderTest.Preload, options);
        without.ExpectSuccess();
        with.ExpectSuccess();
        Assert.NotEmpty(without.Output);
        Assert.Equal(without.Output, with.Output);
        return with;
    }

    // The same folder both times: compilers write its name into what they make.
    private static Outcome Execute(string script, string? preload, string options = "")
    {
        string scripts = Path.Combine(Repository.Sources, "real");
        return new Run("bash", Path.Combine(scripts, script + ".sh"), scripts)
        {
            Folder = Repository.FreshFolder($"real-{script}"),
            Preload = preload,
            Seconds = 120,
        }.With("QUARRY_CONF", options).Start();
    }
}
