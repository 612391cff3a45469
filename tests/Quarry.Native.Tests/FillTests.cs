using Quarry.Native.Tests.Harness;
using Xunit;

namespace Quarry.Native.Tests;

/// <summary>jemalloc's options for debugging: junk, zero and xmalloc.</summary>
public sealed class FillTests
{
    private static readonly TestProgram s_program = new("fill.c");

    [Theory]
    [InlineData("junk", "junk:true")]
    [InlineData("junk", "junk:true,zero:true")]
    [InlineData("junk_of_allocated_blocks", "junk:alloc")]
    [InlineData("junk_of_freed_blocks", "junk:free")]
    [InlineData("zeros", "zero:true")]
    [InlineData("zeros", "junk:true,zero:true,junk:false")]
    public void Blocks_are_filled(string name, string options) =>
        Case(name, options + ",decay_ms:-1").Start().ExpectSuccess();

    [Fact]
    public void A_profile_of_every_block_can_be_recorded_meanwhile()
    {
        string folder = Repository.FreshFolder("fill-profile");
        _ = Case("junk", "junk:true,decay_ms:-1,profile:exact").With("QUARRY_PROFILE", folder + "/p").Start()
            .ExpectSuccess();
        Assert.NotEmpty(System.IO.Directory.GetFiles(folder));
    }

    [Fact]
    public void A_double_free_is_reported_as_without_junk()
    {
        Outcome outcome = Case("double_free", "junk:true").Start().ExpectSuccess();
        Assert.Contains("the block was freed twice; ignored", outcome.Errors);
    }

    [Fact]
    public void Exhausted_memory_ends_the_process_only_with_the_option()
    {
        Assert.Equal("null\n", Case("out_of_memory", "xmalloc:false").Start().ExpectSuccess().Output);
        Outcome outcome = Case("out_of_memory", "xmalloc:true").Start();
        Assert.NotEqual(0, outcome.ExitCode);
        Assert.Equal("", outcome.Output);
        Assert.StartsWith(
            "<jemalloc>: Error allocating 1152921504606846976 bytes: out of memory\n", outcome.Errors);
    }

    [Theory]
    [InlineData("calloc")]
    [InlineData("reallocarray")]
    public void A_product_that_overflows_ends_the_process_only_with_the_option(string function)
    {
        string name = "product_of_" + function;
        Assert.Equal("null\n", Case(name, "xmalloc:false").Start().ExpectSuccess().Output);
        Outcome outcome = Case(name, "xmalloc:true").Start();
        Assert.NotEqual(0, outcome.ExitCode);
        Assert.Equal("", outcome.Output);
        Assert.StartsWith($"<jemalloc>: Error in {function}(): out of memory\n", outcome.Errors);
    }

    [Fact]
    public void Every_case_is_named() => s_program.HasExactly(
        "junk", "junk_of_allocated_blocks", "junk_of_freed_blocks", "zeros", "double_free", "out_of_memory",
        "product_of_calloc", "product_of_reallocarray");

    private static Run Case(string name, string options)
    {
        LibraryUnderTest.RequireQuarry();
        string checks = LibraryUnderTest.HasAssertions ? ",check:20" : "";
        return s_program.Case(name).With("MALLOC_CONF", options + checks);
    }
}
