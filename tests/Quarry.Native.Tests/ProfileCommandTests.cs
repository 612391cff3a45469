using System;
using System.Diagnostics;
using System.IO;
using System.IO.MemoryMappedFiles;
using System.Linq;
using System.Runtime.InteropServices;
using System.Threading;
using System.Threading.Tasks;
using Quarry.Native.Tests.Harness;
using Xunit;

namespace Quarry.Native.Tests;

/// <summary>Commands to a running process, through the header of its profile file.</summary>
public sealed class ProfileCommandTests
{
    private ulong _number;

    [Fact]
    public async Task Recording_is_switched_on_and_off()
    {
        string folder = ProfileTests.Folder("commands"), stop = $"{folder}.stop";
        Task<Outcome> run = Task.Run(ProfileTests.Run("waits_for_a_file", folder, "profile:off", stop).Start,
            TestContext.Current.CancellationToken);
        try
        {
            string file = await FileIn(folder);
            using MemoryMappedFile mapping = MemoryMappedFile.CreateFromFile(file, FileMode.Open);
            using MemoryMappedViewAccessor header = mapping.CreateViewAccessor(0, ProfileHeader.Bytes);
            Assert.Equal(0UL, Read(header).Totals.Samples);

            await Command(header, ProfileCommand.RecordAll, 0);
            Assert.Equal(ProfileMode.Exact, Read(header).Mode);
            await Grows(header);

            await Command(header, ProfileCommand.Stop, 0);
            Assert.Equal(ProfileMode.Off, Read(header).Mode);
            ulong seen = Read(header).Totals.Samples;
            await Command(header, ProfileCommand.Update, 0);
            await Command(header, ProfileCommand.Update, 0);
            Assert.Equal(seen, Read(header).Totals.Samples);

            await Command(header, ProfileCommand.Sample, 10_000);
            Assert.Equal((ProfileMode.Sampled, 10_000UL), (Read(header).Mode, Read(header).SampleInterval));
            await Grows(header);

            // What exact mode knew is forgotten at the start of another recording; its totals stay.
            await Command(header, ProfileCommand.RecordAll, 0);
            Assert.True(Read(header).Totals.LiveBlocks < 100 << ProfileHeader.BlockBits);
            await Grows(header);
            await Command(header, ProfileCommand.Stop, 0);
        }
        finally
        {
            await File.WriteAllTextAsync(stop, "", TestContext.Current.CancellationToken);
            (await run).ExpectSuccess();
            File.Delete(stop);
        }

        ProfileContents profile = ProfileTests.TheOnlyProfile(folder);
        ProfileTests.AssertSums(profile);
        Assert.True(profile.Figure(112, "blocks") > 0 && profile.Figure(4096, "blocks") > 0);
    }

    /// <summary>As if the controller had been killed.</summary>
    [Fact]
    public async Task Recording_ends_with_the_lease_of_the_controller()
    {
        string folder = ProfileTests.Folder("lease"), stop = $"{folder}.stop";
        Task<Outcome> run = Task.Run(ProfileTests.Run("waits_for_a_file", folder, "profile:off", stop).Start,
            TestContext.Current.CancellationToken);
        try
        {
            string file = await FileIn(folder);
            using MemoryMappedFile mapping = MemoryMappedFile.CreateFromFile(file, FileMode.Open);
            using MemoryMappedViewAccessor header = mapping.CreateViewAccessor(0, ProfileHeader.Bytes);
            header.Write(Offset(nameof(ProfileHeader.LeaseEndMode)), (uint)ProfileMode.Sampled);
            header.Write(Offset(nameof(ProfileHeader.LeaseEndInterval)), 10_000UL);
            header.Write(Offset(nameof(ProfileHeader.Lease)), 2000UL);
            await Command(header, ProfileCommand.RecordAll, 0);
            for (Stopwatch time = Stopwatch.StartNew(); time.Elapsed < TimeSpan.FromSeconds(3);)
            {
                header.Write(Offset(nameof(ProfileHeader.LeaseRenewals)), Read(header).LeaseRenewals + 1);
                Assert.Equal(ProfileMode.Exact, Read(header).Mode);
                await Task.Delay(20, TestContext.Current.CancellationToken);
            }

            await Until(() => Read(header).Mode != ProfileMode.Exact);
            Assert.Equal((ProfileMode.Sampled, 10_000UL), (Read(header).Mode, Read(header).SampleInterval));
            await Until(() => Read(header).Lease == 0);
            await Grows(header);
        }
        finally
        {
            await File.WriteAllTextAsync(stop, "", TestContext.Current.CancellationToken);
            (await run).ExpectSuccess();
            File.Delete(stop);
        }
    }

    private static ProfileHeader Read(MemoryMappedViewAccessor header)
    {
        byte[] bytes = new byte[ProfileHeader.Bytes];
        header.ReadArray(0, bytes, 0, bytes.Length);
        return MemoryMarshal.Read<ProfileHeader>(bytes);
    }

    private async Task Command(MemoryMappedViewAccessor header, ProfileCommand command, ulong argument)
    {
        ulong word = (++_number << 8) | (byte)command;
        header.Write(Offset(nameof(ProfileHeader.CommandArgument)), argument);
        Thread.MemoryBarrier();
        header.Write(Offset(nameof(ProfileHeader.Command)), word);
        await Until(() => Read(header).Acknowledged == word);
    }

    private static async Task Grows(MemoryMappedViewAccessor header)
    {
        ulong before = Read(header).Totals.Samples;
        await Until(() => Read(header).Totals.Samples > before);
    }

    private static async Task<string> FileIn(string folder)
    {
        await Until(
            () => Directory.GetFiles(folder).Any(file => new FileInfo(file).Length > ProfileHeader.Bytes));
        string found = Directory.GetFiles(folder).Single();
        await Until(() => BitConverter.ToUInt64(ReadStart(found)) == ProfileHeader.ExpectedSignature);
        return found;
    }

    private static byte[] ReadStart(string path)
    {
        using FileStream stream = new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        byte[] bytes = new byte[8];
        stream.ReadExactly(bytes);
        return bytes;
    }

    private static async Task Until(Func<bool> condition)
    {
        for (Stopwatch time = Stopwatch.StartNew(); !condition();)
        {
            Assert.True(time.Elapsed < TimeSpan.FromSeconds(30), "the process does not answer");
            await Task.Delay(2, TestContext.Current.CancellationToken);
        }
    }

    private static long Offset(string field) => Marshal.OffsetOf<ProfileHeader>(field).ToInt64();
}
