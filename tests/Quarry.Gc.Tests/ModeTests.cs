using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text.RegularExpressions;
using Quarry.Gc.Tests.Harness;
using Xunit;

namespace Quarry.Gc.Tests;

/// <summary>The modes of the heap, and what they write.</summary>
public sealed partial class ModeTests
{
    [Fact]
    public void The_census_is_exact()
    {
        Outcome outcome = Run.Ours("census").Start().Clean();

        // Object: header, type, a reference, a number and padding. Array: header, type, length, elements.
        const int Object = 32, Array = 24 + (8 * 100_000), SmallArray = 24 + (8 * 500);
        int markers = 10_000 + 500;
        string[] lines = outcome.Output.Split('\n');
        Assert.Equal($"Marker {markers} {markers * Object}", lines[0]);
        string[] arrays = lines[1].Split(' ');
        Assert.Equal("Marker[]", arrays[0]);
        Assert.True(int.Parse(arrays[1], null) >= 13);
        Assert.True(int.Parse(arrays[2], null) >= (12 * Array) + SmallArray);
    }

    [Theory]
    [InlineData("bump")]
    [InlineData("counting")]
    [InlineData("collect")]
    public void Unused_ends_of_quanta_are_reused_by_new_threads(string mode) => Assert.Equal(
        "reused\n", Run.Ours("reused").With("DOTNET_QuarryGCMode", mode).Start().Output);

    [Theory]
    [InlineData("bump")]
    [InlineData("counting")]
    [InlineData("tracing")]
    [InlineData("collect")]
    public void Nothing_is_left_of_exited_threads(string mode) => Assert.Equal(
        "freed\n", Run.Ours("exited-threads").With("DOTNET_QuarryGCMode", mode).Start().Output);

    [Fact]
    public void Little_memory_is_lost_at_the_ends_of_quanta() =>
        Assert.Equal("little\n", Run.Ours("waste").Start().Clean().Output);

    [Fact]
    public void The_library_detects_the_heap()
    {
        Assert.Equal("True bump\n", Run.Ours("library").Start().Clean().Output);
        Assert.Equal("False \n", Run.Stock("library").Start().Clean().Output);
    }

    [Fact]
    public void An_unknown_mode_is_reported_and_ignored()
    {
        Outcome outcome = Run.Ours("library").With("DOTNET_QuarryGCMode", "bumb").Start();
        Assert.Equal("True bump\n", outcome.Output);
        Assert.Equal(
            "quarry: invalid DOTNET_QuarryGCMode 'bumb': "
                + "expected bump, counting, tracing, collect or null. Using bump",
            Assert.Single(outcome.ErrorLines));
    }

    [Fact]
    public void Null_fails_every_allocation()
    {
        Outcome outcome = Run.Ours("hello").With("DOTNET_QuarryGCMode", "null").Start();
        Assert.NotEqual(0, outcome.ExitCode);
        Assert.Equal("", outcome.Output);
        Assert.Matches("^quarry: memory allocation of [0-9]+ bytes failed$", outcome.ErrorLines[0]);
    }

    [Fact]
    public void Counting_without_the_hook_writes_the_totals()
    {
        Outcome outcome = Run.Ours("linq").With("DOTNET_QuarryGCMode", "counting").Start();
        Assert.Matches(
            "^quarry: [0-9]+ objects of [0-9]+ types, [0-9]+ bytes$", Assert.Single(outcome.ErrorLines));
    }

    [Fact]
    public void Counting_with_the_hook_writes_one_table()
    {
        Outcome outcome = Run.Ours("linq")
            .With("DOTNET_QuarryGCMode", "counting").With("DOTNET_STARTUP_HOOKS", Places.Hook).Start();
        Assert.Single(outcome.ErrorLines, line => line.StartsWith("quarry: ", StringComparison.Ordinal));
        Assert.Contains(
            outcome.ErrorLines, line => line.EndsWith("  System.String", StringComparison.Ordinal));
    }

    [Fact]
    public void Tracing_writes_a_line_for_every_object()
    {
        Outcome outcome = Run.Ours("hello")
            .With("DOTNET_QuarryGCMode", "tracing").With("DOTNET_STARTUP_HOOKS", Places.Hook).Start();
        Assert.Equal((0, "Hello, world\n"), (outcome.ExitCode, outcome.Output));
        HashSet<ulong> addresses = [];
        Dictionary<ulong, int> objects = [];
        Dictionary<ulong, string> names = [];
        foreach (string line in outcome.ErrorLines)
        {
            Match match = Event().Match(line);
            if (match.Success)
            {
                Assert.True(addresses.Add(Hex(match.Groups["address"])), line);
                ulong type = Hex(match.Groups["type"]);
                objects[type] = objects.GetValueOrDefault(type) + 1;
                continue;
            }

            match = Name().Match(line);
            Assert.True(match.Success, line);
            names.Add(Hex(match.Groups["type"]), match.Groups["name"].Value);
        }

        Assert.True(addresses.Count > 100);
        Assert.DoesNotContain(0ul, objects.Keys);

        // Only objects that are allocated while the names are written may lack one.
        Assert.True(names.Keys.Intersect(objects.Keys).Count() > objects.Count * 3 / 4);
        Assert.True(objects[names.Single(pair => pair.Value == "System.String").Key] > 10);
    }

    private static ulong Hex(Group group) => ulong.Parse(group.ValueSpan, NumberStyles.HexNumber, null);

    [GeneratedRegex(
        "^quarry [0-9]+ [0-9]+ allocate 0x(?<address>[0-9a-f]+) [0-9]+ 8 type 0x(?<type>[0-9a-f]+)$")]
    private static partial Regex Event();

    [GeneratedRegex("^type 0x(?<type>[0-9a-f]+) = (?<name>.+)$")]
    private static partial Regex Name();
}
