using System.Collections.Generic;
using System.Linq;
using System.Text;
using Quarry.Cli.Profiles.Model;
using Quarry.Profiles;
using Xunit;

namespace Quarry.Cli.Tests.Profiles;

public sealed class NamesRecordTests
{
    internal static Dictionary<ulong, IReadOnlyList<Frame>> Some { get; } = new()
    {
        [Examples.Main - 1] = [Native("main", 10, Examples.Main - 1)],
        [Examples.Parse - 1] =
        [
            Native("next_token", 7, Examples.Parse - 1) with { IsInlined = true },
            Native("parse", 99, Examples.Parse - 1),
        ],
        [Examples.Leak - 1] =
        [
            new Frame("App.Cache.Add(System.String)", "App.dll", "Cache.cs", 5, FrameKind.Managed, false,
                Examples.Leak - 1),
        ],
        [Examples.Malloc - 1] =
            [new Frame("strdup", "/lib/libc.so.6", "", 0, FrameKind.Native, false, Examples.Malloc - 1)],
    };

    [Fact]
    public void What_was_written_is_read()
    {
        NamesRecord read = NamesRecord.Parse(NamesRecord.Write(Some), null);
        Assert.All(Some, pair => Assert.Equal(pair.Value, read.Resolve(pair.Key, default)));
        Assert.Empty(read.Resolve(1, default));
    }

    [Fact]
    public void Frames_of_a_site_are_named_with_inlined_ones()
    {
        byte[] bytes = Examples.Small().Names(NamesRecord.Write(Some)).Build();
        ProfileFile file = ProfileFile.Parse(bytes);
        Profile profile = new("p", file, NamesRecord.Parse(file.Names, new ModuleFrames(file)));
        Assert.Equal(
            ["strdup", "next_token", "parse", "main"], profile.Sites[0].Frames.Select(f => f.Function));
        Assert.Equal("app.c:7", profile.Sites[0].Frames[1].Source);
    }

    [Fact]
    public void Addresses_without_name_are_named_by_module_and_offset()
    {
        Profile profile = Examples.Named(Examples.Small().Site(1, 1, 0, 0, 0x12345));
        Assert.Equal("libc.so.6!0xfff", profile.Sites[0].Frames[0].Function);
        Assert.Equal("app!0x10ff", profile.Sites[0].Frames[1].Function);
        Assert.Equal("unknown!0x12344", profile.Sites[^1].Frames[0].Function);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("[1]")]
    [InlineData("{\"version\":2,\"strings\":[],\"addresses\":{}}")]
    [InlineData("{\"version\":1,\"strings\":[],\"addresses\":{\"1\":[[0,0,0,0,0]]}}")]
    [InlineData("{\"version\":1,\"strings\":[\"\"],\"addresses\":{\"x\":[[0,0,0,0,0]]}}")]
    [InlineData("{\"version\":1,\"strings\":[\"\"],\"addresses\":{\"1\":[[0,0,0,0,9]]}}")]
    [InlineData("{\"version\":1,\"strings\":[\"\"],\"addresses\":{\"1\":[[0,0,0,0]]}}")]
    [InlineData("{\"version\":1,\"strings\":[\"\"],\"addresses\":{\"1\":[[-1,0,0,0,0]]}}")]
    [InlineData("{\"version\":1,\"strings\":[\"\"],\"addresses\":{\"1\":[[0,0,0,1e9,0]]}}")]
    public void Damaged_names_are_refused(string json) => Assert.Throws<ProfileFormatException>(
        () => NamesRecord.Parse(Encoding.UTF8.GetBytes(json), null));

    [Fact]
    public void Managed_allocations_are_read_as_written()
    {
        ManagedAllocations written = new(102400, 4096,
        [
            new ManagedSite("System.String", 2048, 10000, 12.5, 2,
                [Some[Examples.Leak - 1][0] with { Address = 0 }, Native("main", 1, 0)]),
        ]);
        ManagedAllocations read = ManagedAllocations.Parse(written.Write());
        Assert.Equal((102400L, 2048, 4096L), (read.Interval, read.Bytes, read.HeapBytes));
        Assert.Equal(100, read.Error);
        ManagedSite site = Assert.Single(read.Sites);
        Assert.Equal("System.String", site.Type);
        Assert.Equal(12.5, site.Objects);
        Assert.Equal(written.Sites[0].Frames, site.Frames);
        Assert.Throws<ProfileFormatException>(() => ManagedAllocations.Parse("{}"u8.ToArray()));
    }

    private static Frame Native(string function, int line, ulong address) =>
        new(function, "/opt/app", "/src/app.c", line, FrameKind.Native, false, address);
}
