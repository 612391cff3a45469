using System.Globalization;
using System.Text.RegularExpressions;
using Quarry.Native.Tests.Harness;
using Xunit;

namespace Quarry.Native.Tests;

/// <summary>The work of one call, in instructions and in bytes returned to the system.</summary>
public sealed partial class LatencyTests
{
    private const int FewHoles = 200, ManyHoles = 20_000, Rounds = 100;

    // A search that starts at the first hole each time would take a hundred times as many.
    private const long MostTimesInstructions = 4;

    private static readonly TestProgram s_program = new("latency.c");

    private static readonly string[] s_amongHoles =
    [
        "large_pairs_among_holes",
        "large_pairs_of_many_sizes_among_holes",
        "aligned_pairs_among_holes",
        "pages_of_medium_blocks_among_holes",
    ];

    private static readonly string[] s_steps =
    [
        "large_blocks_return_in_steps",
        "small_blocks_return_in_steps",
        "scattered_blocks_return_in_steps",
    ];

    public static TheoryData<string> AmongHoles => new(s_amongHoles);

    public static TheoryData<string> Steps => new(s_steps);

    [Theory]
    [MemberData(nameof(AmongHoles))]
    public void Search_does_not_depend_on_the_number_of_holes(string name)
    {
        long few = Instructions(name, FewHoles), many = Instructions(name, ManyHoles);
        Assert.InRange(few, Rounds, long.MaxValue);
        Assert.InRange(many, Rounds, few * MostTimesInstructions);
    }

    [Theory]
    [MemberData(nameof(Steps))]
    public void One_call_returns_little_memory(string name)
    {
        LibraryUnderTest.RequireQuarry();
        s_program.Case(name).With("QUARRY_CONF", "decay_ms:100").Start().ExpectSuccess();
    }

    [Fact]
    public void Every_case_is_named() => s_program.HasExactly([.. s_amongHoles, .. s_steps]);

    private static long Instructions(string name, int holes)
    {
        // Without decay: callgrind is slow enough for it to take part otherwise.
        Outcome outcome = new Run(Tool.Require("valgrind"), "--tool=callgrind",
            "--callgrind-out-file=/dev/null", "--toggle-collect=counted",
            s_program.Path, name, $"{holes}", $"{Rounds}")
        {
            Preload = LibraryUnderTest.Preload,
        }.With("QUARRY_CONF", "decay_ms:-1").Start().ExpectSuccess();
        Assert.DoesNotContain("cannot be preloaded", outcome.Errors);
        string figure = Collected().Match(outcome.Errors).Groups[1].Value;
        return long.Parse(figure, CultureInfo.InvariantCulture);
    }

    [GeneratedRegex(@"Collected : (\d+)")]
    private static partial Regex Collected();
}
