using System.Globalization;
using System.IO;
using System.Linq;
using Quarry.Native.Tests.Harness;
using Xunit;

namespace Quarry.Native.Tests;

/// <summary>
/// The cost of the fast paths in instructions, the loop around them included, which is the same on every
/// machine.
/// </summary>
public sealed class InstructionTests
{
    // A slow path may read the clock: on a machine with other work, a pair takes a tenth more.
    private const double MostForPair = 45, MostForMixed = 50.3;

    [Fact]
    public void A_pair_of_malloc_and_free_stays_within_its_instructions()
    {
        LibraryUnderTest.RequireQuarry();
        Assert.SkipWhen(LibraryUnderTest.HasAssertions, "the limits exclude assertions");
        _ = Tool.Require("valgrind");
        string script = Path.Combine(Repository.Root, "bench", "instructions.sh");
        Outcome outcome = new Run("sh", script, LibraryUnderTest.RequireFile()) { Seconds = 120 }.Start();
        string[] figures = outcome.ExpectSuccess().Output.Trim().Split('\n').Last()
            .Split(' ', System.StringSplitOptions.RemoveEmptyEntries);
        Assert.InRange(double.Parse(figures[1], CultureInfo.InvariantCulture), 1, MostForPair);
        Assert.InRange(double.Parse(figures[2], CultureInfo.InvariantCulture), 1, MostForMixed);
    }
}
