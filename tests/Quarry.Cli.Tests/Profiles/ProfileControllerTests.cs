using System;
using System.IO;
using System.Runtime.InteropServices;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.Win32.SafeHandles;
using Quarry.Profiles;
using Xunit;

namespace Quarry.Cli.Tests.Profiles;

public sealed class ProfileControllerTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private string Profile() => Examples.Small().Write(_folder.File("a.qprof"));

    private static unsafe ProfileHeader Header(string path)
    {
        using SafeFileHandle file = UnlockedFile.Open(path, FileAccess.Read);
        ProfileHeader header = default;
        _ = RandomAccess.Read(file, new Span<byte>(&header, sizeof(ProfileHeader)), 0);
        return header;
    }

    [Fact]
    public void A_command_that_the_process_does_not_take_times_out()
    {
        string path = Profile();
        using (ProfileController controller = ProfileController.Open(path))
        {
            CancellationToken token = TestContext.Current.CancellationToken;
            TimeSpan some = TimeSpan.FromMilliseconds(20);
            Assert.False(controller.Send(RecordingCommand.Sample, 65536, some, token));
            Assert.False(controller.Send(RecordingCommand.Sample, 65536, TimeSpan.Zero, token));
        }

        ProfileHeader header = Header(path);
        Assert.Equal((byte)ProfileCommand.Sample, (byte)header.Command);
        Assert.Equal(2ul, header.Command >> 8);
        Assert.Equal(65536ul, header.CommandArgument);
    }

    [Fact]
    public async Task A_command_is_acknowledged()
    {
        string path = Profile();
        using ProfileController controller = ProfileController.Open(path);
        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(
            TestContext.Current.CancellationToken);
        Task process = Task.Run(() => Acknowledge(path, stop.Token), stop.Token);
        Assert.True(controller.Send(RecordingCommand.Stop, 0, TimeSpan.FromSeconds(30), stop.Token));
        await stop.CancelAsync();
        await process;
    }

    [Fact]
    public void One_controller_excludes_another_but_no_reader()
    {
        string path = Profile();
        using (ProfileController.Open(path))
        {
            Assert.Throws<IOException>(() => ProfileController.Open(path));
            Assert.Throws<IOException>(() => ProfileFile.AddNames(path, "{}"u8));
            Assert.Equal(3, ProfileFile.Open(path).Sites.Count);
        }

        ProfileController.Open(path).Dispose();
    }

    [Fact]
    public void What_is_no_profile_is_not_controlled()
    {
        string path = _folder.File("text");
        File.WriteAllText(path, "text");
        Assert.Throws<ProfileFormatException>(() => ProfileController.Open(path));
        Assert.ThrowsAny<IOException>(() => ProfileController.Open(_folder.File("absent")));
        Assert.Equal("text", File.ReadAllText(path));
    }

    /// <summary>What the process does at its slow paths.</summary>
    private static void Acknowledge(string path, CancellationToken stop)
    {
        long offset = Marshal.OffsetOf<ProfileHeader>(nameof(ProfileHeader.Acknowledged));
        using SafeFileHandle file = UnlockedFile.Open(path, FileAccess.ReadWrite);
        while (!stop.IsCancellationRequested)
        {
            RandomAccess.Write(file, BitConverter.GetBytes(Header(path).Command), offset);
            Thread.Sleep(1);
        }
    }
}
