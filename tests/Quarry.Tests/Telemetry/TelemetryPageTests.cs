using System;
using System.Linq;
using System.Text.RegularExpressions;
using Xunit;

namespace Quarry.Tests.Telemetry;

/// <summary>The code and the table of <c>docs/telemetry.md</c>.</summary>
[Collection(nameof(TelemetryGroup))]
public sealed partial class TelemetryPageTests
{
    private static string Page => Repository.Text("docs/telemetry.md");

    [Fact]
    public void The_code_publishes_two_allocators()
    {
        using Heap cache = new();
        using Counting<SystemHeap> requests = new(default);
        _ = QuarryTelemetry.Register("cache", cache);
        _ = QuarryTelemetry.Register("requests", requests);

        MeterReading reading = MeterReading.Take();
        Assert.Equal(0, reading.Of("cache", "in_use"));
        Assert.Equal(0, reading.Of("requests", "in_use"));
    }

    [Fact]
    public void The_code_is_that_of_this_test_and_of_the_sample()
    {
        string[] blocks = [.. CodeBlock().Matches(Page).Select(match => match.Groups[1].Value)];
        Assert.Equal(2, blocks.Length);
        AssertContains(blocks[0], "tests/Quarry.Tests/Telemetry/TelemetryPageTests.cs");
        AssertContains(blocks[1], "samples/Telemetry/Program.cs");
    }

    [Fact]
    public void The_table_has_the_instruments_in_their_order() => Assert.Equal(
        HeapMetric.All.Select(one => $"{one.Name} {(one.IsTotal ? "" : "up-down ")}counter {one.Unit}"),
        TableRow().Matches(Page).Select(match => $"{match.Groups[1]} {match.Groups[2]} {match.Groups[3]}"));

    private static void AssertContains(string block, string file)
    {
        string source = Repository.Text(file);
        foreach (string line in block.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            Assert.Contains(line.Trim(), source, StringComparison.Ordinal);
        }
    }

    [GeneratedRegex("```csharp\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex CodeBlock();

    [GeneratedRegex(@"^\| `(quarry\.[\w.]+)` \| ([\w\- ]+) \| (\S+) \|", RegexOptions.Multiline)]
    private static partial Regex TableRow();
}
