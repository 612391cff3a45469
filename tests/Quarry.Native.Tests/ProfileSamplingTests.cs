using System;
using System.Globalization;
using System.IO;
using System.Linq;
using Quarry.Native.Tests.Harness;
using Xunit;

namespace Quarry.Native.Tests;

/// <summary>Sampled profiles of programs that know what they did.</summary>
public sealed class ProfileSamplingTests
{
    private static readonly TestProgram s_program = new("api_samples.c");

    [Fact]
    public void Every_case_is_named() => s_program.HasExactly("children_are_sampled", "allocates_fast");

    [Fact]
    public void Interval_of_one_records_every_block()
    {
        string folder = ProfileTests.Folder("every");
        ProfileTests.Run("many_sites", folder, "sample:1").Start().ExpectSuccess();
        ProfileContents profile = ProfileTests.TheOnlyProfile(folder);
        Assert.Equal(1UL << 14, profile.Figure(112, "blocks"));
        Assert.Equal(0UL, profile.Figure(112, "live_blocks"));
        ProfileTests.AssertSums(profile);
    }

    /// <summary>The standard deviations come from the file itself.</summary>
    [Fact]
    public void Estimates_are_as_good_as_they_claim()
    {
        const int Rounds = 20;
        const double True = 4 * 50 * 1024 * 1000.0;
        double sum = 0;
        for (int round = 0; round < Rounds; round++)
        {
            string folder = ProfileTests.Folder("estimate");
            ProfileTests.Run("threads_exchange", folder, "sample:64K").Start().ExpectSuccess();
            ProfileContents profile = ProfileTests.TheOnlyProfile(folder);
            ProfileSite[] sites = [.. profile.Allocations.Where(site => site.MinSize == 1000)];
            double bytes = ProfileContents.Sum(sites, site => site.Bytes);
            double z = (bytes - True) / Math.Sqrt(sites.Sum(site => site.BytesVariance));
            Assert.InRange(z, -5, 5);
            sum += z;
            Assert.Equal(0UL, profile.Figure(1000, "live"));
            ProfileTests.AssertSums(profile);
            Directory.Delete(folder, recursive: true);
        }

        // Four standard deviations of the mean.
        Assert.InRange(sum / Rounds, -4 / Math.Sqrt(Rounds), 4 / Math.Sqrt(Rounds));
    }

    /// <summary>
    /// At the default interval there are at most 5000 samples in a second, however fast a program allocates;
    /// its estimates stay right.
    /// </summary>
    [Fact]
    public void The_rate_of_samples_is_limited()
    {
        const ulong Default = 512 << 10, PerSecond = 5000;
        string folder = ProfileTests.Folder("fast");
        string output = ProfileTests.Run(s_program, "allocates_fast", folder, "profile:sampled").Start()
            .ExpectSuccess().Output;
        double bytes = double.Parse(output.Trim().Split(' ')[^1], CultureInfo.InvariantCulture);
        ProfileContents profile = ProfileTests.TheOnlyProfile(folder);
        ProfileSite[] sites = [.. profile.Allocations.Where(site => site.MinSize == 8000)];
        double samples = ProfileContents.Sum(sites, site => site.Samples);
        double seconds = profile.Header.EndTime / 1e9;
        Assert.Equal(Default, profile.Header.SampleInterval);
        Assert.InRange(samples, 1000.0, (PerSecond * seconds) + 500);
        if (bytes / seconds > 2 * PerSecond * Default)
        {
            Assert.InRange(profile.Header.LargestInterval, 2 * Default, 1024 * Default);
        }

        double deviation = Math.Sqrt(sites.Sum(site => site.BytesVariance));
        double estimate = ProfileContents.Sum(sites, site => site.Bytes);
        Assert.InRange((estimate - bytes) / deviation, -5, 5);
        ProfileTests.AssertSums(profile);
    }

    /// <summary>
    /// The errors of many children, divided by the standard deviation that follows from the sizes, have the
    /// mean 0 and the standard deviation 1: no child repeats the draws of its parent or of another one.
    /// </summary>
    [Fact]
    public void Children_of_fork_are_estimated_without_bias()
    {
        const double Interval = 16 << 10;
        string folder = ProfileTests.Folder("children");
        string output = ProfileTests.Run(s_program, "children_are_sampled", folder, "sample:16K").Start()
            .ExpectSuccess().Output;
        string[][] lines =
            [.. output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split(' '))];
        int parent = int.Parse(lines[0][1], CultureInfo.InvariantCulture);
        (ulong Size, double Usable, double Count)[] blocks =
        [
            .. lines.Skip(1).Chunk(2).Select(pair => (
                ulong.Parse(pair[0][0], CultureInfo.InvariantCulture),
                double.Parse(pair[0][2], CultureInfo.InvariantCulture),
                double.Parse(pair[1][2], CultureInfo.InvariantCulture))),
        ];
        double bytes = blocks.Sum(block => block.Size * block.Count);
        double variance = blocks.Sum(block =>
            block.Count * block.Size * block.Size / (Math.Exp(block.Usable / Interval) - 1));

        ProfileContents[] children =
        [
            .. Directory.GetFiles(folder).Select(file => new ProfileContents(file))
                .Where(profile => profile.Header.ParentId == parent),
        ];
        Assert.Equal(150, children.Length);
        Assert.All(children, ProfileTests.AssertSums);
        double[] errors =
        [
            .. children.Select(child =>
                (blocks.Sum(block => (double)child.Figure(block.Size, "bytes")) - bytes)
                / Math.Sqrt(variance)),
        ];
        double mean = errors.Average();
        double deviation = Math.Sqrt(errors.Sum(e => (e - mean) * (e - mean)) / (errors.Length - 1));

        // Four standard deviations of the mean and of the standard deviation.
        Assert.InRange(mean, -4 / Math.Sqrt(errors.Length), 4 / Math.Sqrt(errors.Length));
        double four = 4 / Math.Sqrt(2 * errors.Length);
        Assert.InRange(deviation, 1 - four, 1 + four);
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public void Child_records_its_own_samples_only()
    {
        string folder = ProfileTests.Folder("sampled-child");
        ProfileTests.Run("child_of_fork", folder, "sample:1").Start().ExpectSuccess();
        ProfileContents[] profiles =
            [.. Directory.GetFiles(folder).Select(file => new ProfileContents(file))];
        Assert.Equal(2, profiles.Length);
        Assert.All(profiles, ProfileTests.AssertSums);
        ulong[] live = [.. profiles.Select(profile => profile.Figure(144, "live_blocks"))];
        Assert.Equal([0UL, 7UL], live.Order());
        Assert.Equal([0UL, 20UL],
            profiles.Select(profile => profile.Figure(112, "live_blocks")).Order());
    }

    [Fact]
    public void Child_of_a_raw_fork_records_nothing()
    {
        string folder = ProfileTests.Folder("sampled-raw");
        ProfileTests.Run("child_of_a_raw_fork", folder, "sample:1").Start().ExpectSuccess();
        ProfileContents profile = ProfileTests.TheOnlyProfile(folder);
        Assert.Equal((20UL, 0UL), (profile.Figure(112, "live_blocks"), profile.Figure(144, "blocks")));
    }

    [Fact]
    public void Handlers_that_allocate_do_no_harm()
    {
        string folder = ProfileTests.Folder("sampled-handler");
        ProfileTests.Run("handler_allocates", folder, "sample:1").Start().ExpectSuccess();
        ProfileContents profile = ProfileTests.TheOnlyProfile(folder);
        Assert.Equal(0UL, profile.Figure(112, "live_blocks"));
        ProfileTests.AssertSums(profile);
    }
}
