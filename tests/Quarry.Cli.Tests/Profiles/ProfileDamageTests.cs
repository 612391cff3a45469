using System;
using System.IO;
using System.Threading;
using System.Threading.Tasks;
using Quarry.Cli.Profiles.Model;
using Quarry.Profiles;
using Xunit;

namespace Quarry.Cli.Tests.Profiles;

/// <summary>A file that is not as it should be gets a clear error, or a result.</summary>
public sealed class ProfileDamageTests
{
    private static string Error(byte[] bytes) =>
        Assert.Throws<ProfileFormatException>(() => ProfileFile.Parse(bytes)).Message;

    [Fact]
    public void What_is_no_profile_is_refused()
    {
        Assert.Contains("empty", Error([]), StringComparison.Ordinal);
        Assert.Contains("not a profile", Error("#!/bin/sh\n"u8.ToArray()), StringComparison.Ordinal);
        Assert.Contains("not a profile yet", Error(new byte[5000]), StringComparison.Ordinal);
        Assert.Contains("cut off", Error("QPROF\r\n\x1A"u8.ToArray()), StringComparison.Ordinal);
        Assert.Contains("cut off", Error("QPR"u8.ToArray()), StringComparison.Ordinal);
    }

    [Fact]
    public void A_transfer_as_text_is_detected()
    {
        byte[] bytes = Examples.Small().Build();
        string latin = System.Text.Encoding.Latin1.GetString(bytes);
        byte[] unix = System.Text.Encoding.Latin1.GetBytes(latin.Replace("\r\n", "\n"));
        byte[] windows = System.Text.Encoding.Latin1.GetBytes(latin.Replace("\n", "\r\n"));
        byte[] utf8 = System.Text.Encoding.UTF8.GetBytes(latin);
        Assert.Contains("transfer as text", Error(unix), StringComparison.Ordinal);
        Assert.Contains("transfer as text", Error(windows), StringComparison.Ordinal);
        Assert.Throws<ProfileFormatException>(() => ProfileFile.Parse(utf8));
    }

    [Fact]
    public void Another_version_is_refused()
    {
        ProfileBuilder builder = Examples.Small();
        builder.Header.Version = 2;
        Assert.Contains("version 2", Error(builder.Build()), StringComparison.Ordinal);
    }

    [Fact]
    public void Each_length_that_is_cut_off_is_reported()
    {
        byte[] bytes = Examples.Small().Build();
        for (int length = 8; length < bytes.Length; length += length < 600 ? 1 : 37)
        {
            Assert.Contains("cut off", Error(bytes[..length]), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void No_changed_byte_crashes_the_reader()
    {
        byte[] bytes = Examples.Small().Names(NamesRecord.Write(NamesRecordTests.Some)).Build();
        foreach (byte flip in (ReadOnlySpan<byte>)[0x01, 0x80, 0xFF])
        {
            for (int i = 0; i < bytes.Length; i++)
            {
                // The header is mostly unused, and so are most points of the timeline.
                if (i > 600 && i < ProfileHeader.Bytes)
                {
                    continue;
                }

                bytes[i] ^= flip;
                TryRead(bytes);
                bytes[i] ^= flip;
            }
        }
    }

    [Fact]
    public void No_random_number_crashes_the_reader()
    {
        byte[] bytes = Examples.Small().Build();
        Random random = new(1);
        for (int round = 0; round < 20_000; round++)
        {
            byte[] damaged = bytes.AsSpan().ToArray();
            for (int changes = random.Next(1, 4); changes > 0; changes--)
            {
                int at = 8 * random.Next(1, bytes.Length / 8);
                ulong value = random.Next(4) switch
                {
                    0 => ulong.MaxValue,
                    1 => (ulong)random.NextInt64(bytes.Length * 2),
                    2 => 1ul << random.Next(64),
                    _ => (ulong)random.NextInt64(),
                };
                BitConverter.TryWriteBytes(damaged.AsSpan(at), value);
            }

            TryRead(damaged);
        }
    }

    [Fact]
    public async Task A_file_is_read_while_it_is_written()
    {
        using TemporaryFolder folder = new();
        string path = folder.File("live.qprof");
        byte[] first = Sites(100), last = Sites(1000);
        File.WriteAllBytes(path, first);
        using CancellationTokenSource stop = new();
        Task writer = Task.Run(
            () =>
            {
                using FileStream file = new(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite);
                while (!stop.IsCancellationRequested)
                {
                    file.Position = 0;
                    file.Write(last);
                    file.Flush();
                    file.Position = 0;
                    file.Write(first);
                    file.Flush();
                }
            },
            TestContext.Current.CancellationToken);
        for (int i = 0; i < 200; i++)
        {
            try
            {
                _ = ProfileFile.Open(path).Sites;
            }
            catch (ProfileFormatException)
            {
                // This writer does not keep to the order of a real process; it may mix two files.
            }
        }

        await stop.CancelAsync();
        await writer;
        Assert.Equal(100, ProfileFile.Open(path).Sites.Count);
    }

    private static byte[] Sites(int count)
    {
        ProfileBuilder builder = new();
        for (int i = 1; i <= count; i++)
        {
            builder.Site(16, 1, 16, 1, (ulong)i, 0x400000);
        }

        return builder.Build();
    }

    private static void TryRead(byte[] bytes)
    {
        try
        {
            ProfileFile file = ProfileFile.Parse(bytes);
            _ = new Profile("damaged", file, file.Names.IsEmpty
                ? new ModuleFrames(file)
                : NamesRecord.Parse(file.Names, new ModuleFrames(file)));
        }
        catch (ProfileFormatException e)
        {
            Assert.DoesNotContain('\n', e.Message);
        }
    }
}
