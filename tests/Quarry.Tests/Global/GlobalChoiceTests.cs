using Xunit;

namespace Quarry.Tests;

/// <summary>Who serves as the allocator of a process, each choice in a process of its own.</summary>
public class GlobalChoiceTests
{
    private const string Plain = "Quarry.GlobalProgram.Plain", Heap = "Quarry.Heap";

    [Fact]
    public void Without_a_choice_it_is_a_heap() =>
        Expect(null, ["no-attribute", "who"], "no attribute", Heap);

    [Fact]
    public void The_attribute_of_the_entry_assembly_chooses() => Expect(null, ["who"], Plain);

    [Theory]
    [InlineData("heap", Heap)]
    [InlineData("system", "Quarry.SystemHeap")]
    [InlineData(Plain, Plain)]
    [InlineData("Quarry.GlobalProgram.PlainFactory", Plain)]
    [InlineData("Quarry.GlobalProgram.PlainFactory, Quarry.GlobalProgram", Plain)]
    [InlineData("", Plain)]
    public void The_switch_goes_before_the_attribute(string allocator, string expected) =>
        Expect(allocator, ["who"], expected);

    [Fact]
    public void The_program_goes_before_the_switch() => Expect("heap", ["use", "who"], "used", Plain);

    [Fact]
    public void After_a_use_the_choice_stays() => Expect(
        null,
        ["who", "use", "who"],
        Plain,
        "InvalidOperationException: Global was used already; name its allocator before the first use.",
        Plain);

    [Fact]
    public void The_program_chooses_once() => Expect(
        null, ["use", "use"], "used", $"InvalidOperationException: Global was given {Plain} already.");

    [Theory]
    [InlineData("No.Such.Type", "it is not heap, system or a type")]
    [InlineData("System.String", "it is neither a struct that is an IAllocator nor a factory of one")]
    [InlineData("Quarry.Global, Quarry", "Quarry.Global stands on Global itself")]
    public void A_choice_that_cannot_be_followed_says_so_at_every_use(string allocator, string why)
    {
        Outcome process = GlobalProcess.Run(allocator, "who", "who", "raise");
        Assert.Equal(0, process.ExitCode);
        Assert.Equal(3, process.Lines.Length);
        string start = $"InvalidOperationException: The switch Quarry.GlobalAllocator = {allocator} ";
        Assert.All(process.Lines, line => Assert.StartsWith($"{start}cannot be followed: {why}", line));
    }

    [Fact]
    public void The_handler_of_exhaustion_is_asked_until_the_request_is_served() =>
        Expect(null, ["raise"], "a block after 2 calls");

    [Fact]
    public void A_process_can_end_with_the_figures_of_the_request()
    {
        Outcome process = GlobalProcess.Run(null, "fail-fast");
        Assert.NotEqual(0, process.ExitCode);
        Assert.Contains(
            $"The global allocator, {Plain}, cannot serve 5000 bytes aligned to 64.", process.Errors);
    }

    private static void Expect(string? allocator, string[] steps, params string[] lines)
    {
        Outcome process = GlobalProcess.Run(allocator, steps);
        Assert.Equal(lines, process.Lines);
        Assert.Equal(0, process.ExitCode);
    }
}
