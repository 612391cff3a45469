using System;
using System.IO;
using System.Linq;
using Quarry.Profiles;
using Xunit;

namespace Quarry.Cli.Tests.Profiles;

/// <summary>What the reader returns of files that are valid.</summary>
public sealed class ProfileFileTests
{
    private static ProfileFile Read(ProfileBuilder builder) => ProfileFile.Parse(builder.Build());

    [Fact]
    public void The_header_is_read()
    {
        ProfileFile file = Read(Examples.Small());
        Assert.Equal(1234, file.ProcessId);
        Assert.Equal("/opt/app", file.Program);
        Assert.Equal(["app", "--port", "80"], file.Arguments);
        Assert.Equal(RecordingMode.Exact, file.Mode);
        Assert.True(file.HasEnded);
        Assert.Equal(TimeSpan.FromSeconds(2), file.Duration);
        Assert.Equal(new DateTimeOffset(2023, 11, 14, 22, 13, 20, TimeSpan.Zero), file.StartTime);
        Assert.Equal(5160, file.Totals.Bytes);
        Assert.Equal(15, file.Totals.Blocks);
        Assert.Equal(TimeSpan.FromSeconds(1.9), file.Statistics.Time);
    }

    [Fact]
    public void Sites_have_their_stacks_and_figures()
    {
        ProfileFile file = Read(Examples.Small());
        Assert.Equal(3, file.Sites.Count);
        RecordedSite leak = file.Sites[1];
        Assert.Equal([Examples.Malloc, Examples.Leak, Examples.Main], leak.Stack.ReturnAddresses);
        Assert.Equal(4096, leak.Bytes);
        Assert.Equal(4, leak.Blocks);
        Assert.Equal(3072, leak.LiveBytes);
        Assert.Equal(3, leak.LiveBlocks);
        Assert.Equal(1024, leak.MinSize);
        Assert.Equal(TimeSpan.FromMilliseconds(1), leak.FirstTime);
    }

    [Fact]
    public void Hundreds_of_sites_and_threads_span_several_records()
    {
        ProfileBuilder builder = new();
        for (int i = 1; i <= 500; i++)
        {
            builder.Site(i, 1, 0, 0, (ulong)i).Thread(i, "t" + i, i, 1);
        }

        ProfileFile file = Read(builder);
        Assert.Equal(Enumerable.Range(1, 500), file.Sites.Select(site => (int)site.Bytes));
        Assert.Equal(Enumerable.Range(1, 500), file.Threads.Select(thread => thread.ThreadId));
        Assert.Equal("t500", file.Threads[^1].Name);
    }

    [Fact]
    public void A_site_unchanged_since_the_peak_had_its_live_figures_at_the_peak()
    {
        ProfileSite site = new()
        {
            LiveBytes = 500,
            LiveBlocks = ProfileBuilder.Fixed(5),
            AtPeakBytes = 100,
            AtPeakBlocks = ProfileBuilder.Fixed(1),
            PeakEpoch = 7,
        };
        ProfileBuilder builder = new();
        builder.Site(site, [1]);
        site.PeakEpoch = 6;
        builder.Site(site, [2]);

        ProfileFile file = Read(builder);
        Assert.Equal((100, 1.0), (file.Sites[0].AtPeakBytes, file.Sites[0].AtPeakBlocks));
        Assert.Equal((500, 5.0), (file.Sites[1].AtPeakBytes, file.Sites[1].AtPeakBlocks));
        Assert.Equal(file.Totals.PeakBytes, file.Sites.Sum(s => s.AtPeakBytes));
    }

    [Fact]
    public void Block_counts_are_fractions_and_errors_are_roots_of_variances()
    {
        ProfileSite site = new()
        {
            Blocks = ProfileBuilder.Fixed(2.5),
            BytesVariance = 144,
            LiveBytesVariance = double.NaN,
        };
        RecordedSite read = Read(new ProfileBuilder().Site(site, [1])).Sites[0];
        Assert.Equal(2.5, read.Blocks);
        Assert.Equal(12, read.BytesError);
        Assert.Equal(0, read.LiveBytesError);
    }

    [Fact]
    public void A_difference_below_zero_is_read_as_zero() => Assert.Equal(0,
        Read(new ProfileBuilder().Site(new ProfileSite { LiveBytes = unchecked((ulong)-5L) }, [1]))
            .Sites[0].LiveBytes);

    [Fact]
    public void The_module_of_an_address_is_the_one_of_its_time()
    {
        ProfileFile file = Read(new ProfileBuilder()
            .Module("/lib/first.so", 0x1000, 0x2000, time: 100)
            .Module("/lib/second.so", 0x1800, 0x3000, time: 2_000_000));
        TimeSpan early = TimeSpan.FromMilliseconds(1), late = TimeSpan.FromMilliseconds(2);
        Assert.Equal("/lib/first.so", file.FindModule(0x1900, early)?.Path);
        Assert.Equal("/lib/second.so", file.FindModule(0x1900, late)?.Path);
        Assert.Equal("/lib/first.so", file.FindModule(0x1000, late)?.Path);
        Assert.Equal("/lib/second.so", file.FindModule(0x2fff, early)?.Path);
        Assert.Null(file.FindModule(0x3000, late));
    }

    [Fact]
    public void Modules_have_build_ids_and_paths()
    {
        RecordedModule module = Read(Examples.Small()).Modules[0];
        Assert.Equal("aabbccdd00112233", module.BuildId);
        Assert.Equal("/opt/app", module.Path);
        Assert.Equal(0x400000ul, module.LoadBias);
    }

    [Fact]
    public void The_timeline_and_used_size_classes_are_read()
    {
        ProfileFile file = Read(Examples.Small());
        Assert.Equal([10, 3136], file.Timeline.Select(point => point.LiveBytes));
        Assert.Equal([1024, 0], file.SizeClasses.Select(sizeClass => sizeClass.BlockSize));
    }

    [Fact]
    public void A_timeline_left_in_the_middle_of_a_change_loses_only_what_is_out_of_order()
    {
        ProfileFile file = Read(new ProfileBuilder().Timeline(
            sequence: 3,
            new ProfilePoint { Time = 1000 }, new ProfilePoint { Time = 3000 },
            new ProfilePoint { Time = 2000 }, new ProfilePoint { Time = 4000 }));
        Assert.Equal([10, 30, 40], file.Timeline.Select(point => point.Time.Ticks));
    }

    [Fact]
    public void The_last_record_of_names_is_valid_and_records_to_come_are_skipped()
    {
        ProfileFile file = Read(new ProfileBuilder()
            .Names("{}"u8.ToArray()).Names("{\"a\":1}"u8.ToArray()).Record((ProfileRecordKind)99, [1, 2, 3]));
        Assert.Equal("{\"a\":1}"u8, file.Names.Span);
        Assert.True(file.Managed.IsEmpty);
    }

    [Fact]
    public void Names_are_added_to_a_file()
    {
        using TemporaryFolder folder = new();
        string path = Examples.Small().Write(folder.File("a.qprof"));

        // A process killed while it wrote leaves room behind the end, with a part of a record in it.
        File.AppendAllBytes(path, Enumerable.Repeat((byte)0xFF, 100).ToArray());
        ProfileFile.AddNames(path, "{\"x\":2}"u8);
        ProfileFile.AddManaged(path, "{\"y\":3}"u8);
        ProfileFile.AddNames(path, "{\"z\":4}"u8);
        ProfileFile file = ProfileFile.Open(path);
        Assert.Equal("{\"z\":4}"u8, file.Names.Span);
        Assert.Equal("{\"y\":3}"u8, file.Managed.Span);
        Assert.Equal(3, file.Sites.Count);
    }

    [Fact]
    public void A_running_process_may_have_sites_that_are_newer_than_the_snapshot()
    {
        ProfileBuilder builder = Examples.Small();
        builder.Header.State = ProfileState.Running;
        builder.Header.EndTime = 0;
        byte[] bytes = builder.Build();

        // The last stack is written behind the end that the header had.
        ProfileHeader header = builder.Header;
        BitConverter.TryWriteBytes(
            bytes.AsSpan((int)ProfileFields.EndOffset), header.End - LastStackBytes);
        ProfileFile file = ProfileFile.Parse(bytes);
        Assert.Equal(2, file.Sites.Count);
        Assert.False(file.HasEnded);
        Assert.Equal(TimeSpan.FromSeconds(1.9), file.Duration);
    }

    // The header of the record, the depth with flags and hash, and two addresses.
    private const ulong LastStackBytes = 16 + 16 + 16;
}
