using System;
using System.Linq;
using Xunit;

namespace Quarry.Native.Tests.Harness;

/// <summary>A program of tests/native with its named cases, each run in a process of its own.</summary>
internal sealed class TestProgram(string source)
{
    public string Path => Compiler.Build(source);

    /// <summary>A run of one case on the library under test.</summary>
    public Run Case(string name, int seconds = 60, long? addressSpace = null, int? overcommit = null,
        params string[] arguments)
    {
        Run run = new(Path, [name, .. arguments])
        {
            Seconds = seconds,
            Preload = LibraryUnderTest.Preload,
            AddressSpace = addressSpace,
            Overcommit = overcommit,
        };
        // The program compares this with where its malloc really comes from.
        return LibraryUnderTest.Preload is { } library ? run.With("CHECK_LIBRARY", library) : run;
    }

    public void Passes(string name, int seconds = 60) => Case(name, seconds).Start().ExpectSuccess();

    /// <summary>Cases are named here and in the program; neither side may have one that the other has
    /// not.</summary>
    public void HasExactly(params string[] named)
    {
        string listed = new Run(Path, "list").Start().ExpectSuccess().Output;
        string[] inProgram = listed.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(inProgram.Order(StringComparer.Ordinal), named.Order(StringComparer.Ordinal));
    }
}
