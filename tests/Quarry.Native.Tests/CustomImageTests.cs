using System;
using System.Collections.Generic;
using System.Linq;
using Quarry.Native.Tests.Harness;
using Xunit;

namespace Quarry.Native.Tests;

/// <summary>Images that are built with options.</summary>
[Trait("Category", "OtherImage")]
public sealed class CustomImageTests
{
    // Commas separate properties on the command line.
    private static readonly CustomImage s_prefixed = new(
        "libquarry-je", "QuarryNamePrefix=je_", "QuarryPlainNames=false",
        "QuarryMallocConf=dirty_decay_ms:1234%2Cmuzzy_decay_ms:9", "QuarryLgQuantum=3",
        "QuarryLgPage=14", "QuarryLgHugePage=22", "QuarryLgVaddr=48");

    // The code of the error, and the options.
    private static readonly string[][] s_invalid =
    [
        ["QRY030", "QuarryNamePrefix=je_"],
        ["QRY031", "QuarryImage=libx", "QuarryNamePrefix=je-"],
        ["QRY031", "QuarryImage=../x"],
        ["QRY031", "QuarryImage=libx", "QuarryPlainNames=false"],
        ["QRY031", "QuarryImage=libx", "QuarryPlainNames=no"],
        ["QRY031", "QuarryImage=libx", "QuarrySoName=a/b"],
        ["QRY031", "QuarryImage=libx", "QuarryMallocConf=a b"],
        ["QRY031", "QuarryImage=libx", "QuarryMode=fast"],
        ["QRY031", "QuarryImage=libx", "QuarryThreads=fast"],
        ["QRY031", "QuarryImage=libx", "QuarryLgQuantum=5"],
        ["QRY030", "QuarryLgPage=14"],
        ["QRY032", "QuarryImage=libx", "QuarryLgPage=11"],
        ["QRY032", "QuarryImage=libx", "QuarryLgPage=17"],
        ["QRY032", "QuarryImage=libx", "QuarryLgPage=4096"],
        ["QRY032", "QuarryImage=libx", "QuarryLgPage=4K"],
        ["QRY032", "QuarryImage=libx", "QuarryLgHugePage=20"],
        ["QRY032", "QuarryImage=libx", "QuarryLgHugePage=26"],
        ["QRY032", "QuarryImage=libx", "QuarryLgVaddr=46"],
        ["QRY032", "QuarryImage=libx", "QuarryLgVaddr=57"],
    ];

    private static readonly Lazy<string[][]> s_errors =
        new(() => CustomImage.Errors([.. s_invalid.Select(row => row[1..])]));

    public static TheoryData<string> InvalidOptions => [.. s_invalid.Select(Text)];

    [Fact]
    public void An_image_can_have_the_prefixed_names_alone()
    {
        Dictionary<string, string[]> exports = JemallocNames.Exports(s_prefixed.Path);
        Assert.All(JemallocNames.All, name => Assert.Contains("je_" + name, exports.Keys));
        Assert.All(exports.Keys, name => Assert.True(
            name.StartsWith("je_", StringComparison.Ordinal)
                || name.StartsWith("quarry_", StringComparison.Ordinal), name));
        Assert.Contains("quarry_stats", exports.Keys);
    }

    [Fact]
    public void Such_an_image_leaves_the_malloc_of_the_process_alone()
    {
        string program = JemallocNames.Build("two_mallocs.c", s_prefixed.Path, "je_");
        new Run(program, "both_are_used").Start().ExpectSuccess();
    }

    [Fact]
    public void A_quantum_of_8_has_more_classes_and_works_like_the_other()
    {
        string program = JemallocNames.Build("quantum.c", s_prefixed.Path, "je_");
        new Run(program, "classes").Start().ExpectSuccess();
        new Run(program, "alignments").Start().ExpectSuccess();
        new Run(program, "blocks_move_between_threads").With("JE_MALLOC_CONF", "junk:true").Start()
            .ExpectSuccess();
        new Run(program, "blocks_move_between_threads").Start().ExpectSuccess();
    }

    [Fact]
    public void Pages_and_huge_pages_have_the_sizes_of_the_build()
    {
        string program = JemallocNames.Build("quantum.c", s_prefixed.Path, "je_");
        new Run(program, "pages").Start().ExpectSuccess();
        new Run(program, "large_blocks_move_between_threads").Start().ExpectSuccess();
    }

    [Fact]
    public void Options_of_the_build_are_those_that_a_process_begins_with()
    {
        string program = JemallocNames.Build("jemalloc_options.c", s_prefixed.Path, "je_");
        Assert.Contains("dirty=1234 muzzy=9", new Run(program, "print").Start().ExpectSuccess().Output);
        Outcome outcome = new Run(program, "print").With("MALLOC_CONF", "dirty_decay_ms:1")
            .With("JE_MALLOC_CONF", "muzzy_decay_ms:8,confirm_conf:true").Start().ExpectSuccess();
        Assert.Contains("dirty=1234 muzzy=8", outcome.Output);
        Assert.Contains("--with-malloc-conf): \"dirty_decay_ms:1234,muzzy_decay_ms:9\"", outcome.Errors);
    }

    [Fact]
    public void An_image_can_begin_in_another_mode()
    {
        CustomImage image = new("libquarry-checked", "QuarryMode=checked");
        Run run = new(new TestProgram("errors.c").Path, "free_twice", "small") { Preload = image.Path };
        Assert.Contains("quarry: double free", run.Start().ExpectSuccess().Errors, StringComparison.Ordinal);
        Outcome released = run.With("QUARRY_CONF", "mode:release").Start().ExpectSuccess();
        Assert.DoesNotContain("quarry", released.Errors, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(InvalidOptions))]
    public void Invalid_options_are_explained(string row)
    {
        int index = Array.FindIndex(s_invalid, options => Text(options) == row);
        string error = Assert.Single(s_errors.Value[index]);
        Assert.Contains($": error {s_invalid[index][0]}: ", error);
        Assert.Contains(s_invalid[index][^1].Split('=')[0], error);
    }

    private static string Text(string[] row) => string.Join(", ", row);
}
