using System;
using System.IO;
using System.Runtime.InteropServices;
using System.Threading;
using Microsoft.Win32.SafeHandles;

namespace Quarry.Profiles;

/// <summary>Controls what a running process records, through its profile file.</summary>
/// <remarks>
/// One controller at a time can be open for a file. The process carries out a command at its next slow path;
/// an idle process does not. An instance must not be used by several threads at once.
/// </remarks>
public sealed class ProfileController : IDisposable
{
    private const int KindBits = 8;

    private readonly SafeFileHandle _file;

    private ProfileController(SafeFileHandle file) => _file = file;

    /// <summary>Opens the profile file of a running process for control.</summary>
    /// <param name="path">The path of the file.</param>
    /// <returns>The controller; the caller disposes it.</returns>
    /// <exception cref="ProfileFormatException">The file is not a valid profile.</exception>
    /// <exception cref="IOException">
    /// The file cannot be opened, or another program controls the process.
    /// </exception>
    /// <exception cref="UnauthorizedAccessException">The caller may not write the file.</exception>
    public static ProfileController Open(string path)
    {
        SafeFileHandle file = UnlockedFile.Open(path, FileAccess.ReadWrite);
        try
        {
            _ = ProfileSource.ReadHeader(file);
            return UnlockedFile.TryLock(file)
                ? new ProfileController(file)
                : throw new IOException($"Another program controls the process of '{path}'.");
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Sends a command and waits until the process has carried it out.</summary>
    /// <param name="command">The command.</param>
    /// <param name="argument">The argument of the command; 0 for the default.</param>
    /// <param name="timeout">The longest time to wait.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <returns>
    /// <see langword="true"/> if the command was carried out; <see langword="false"/> if the process did not
    /// get to it in time. It carries the command out later, unless another one replaces it.
    /// </returns>
    /// <exception cref="OperationCanceledException">The wait was canceled.</exception>
    public bool Send(
        RecordingCommand command, long argument, TimeSpan timeout, CancellationToken cancellation = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(argument);
        ProfileHeader header = ProfileSource.ReadHeader(_file);

        // The number in the upper bytes makes each command differ from the previous one.
        ulong sent = (((header.Command >> KindBits) + 1) << KindBits) | (byte)command;
        Write(ProfileFields.ArgumentOffset, (ulong)argument);
        Write(ProfileFields.CommandOffset, sent);
        long deadline = Environment.TickCount64 + (long)timeout.TotalMilliseconds;
        while (ProfileSource.ReadHeader(_file).Acknowledged != sent)
        {
            cancellation.ThrowIfCancellationRequested();
            if (Environment.TickCount64 >= deadline)
            {
                return false;
            }

            Thread.Sleep(1);
        }

        return true;
    }

    /// <summary>
    /// Makes the process return by itself to what it records now, unless <see cref="RenewLease"/> is called
    /// before the time is over: also after this program was killed.
    /// </summary>
    /// <param name="duration">The time.</param>
    /// <remarks>
    /// If another program was killed and its lease is not over yet, the process returns to what it recorded
    /// before that one.
    /// </remarks>
    public void BeginLease(TimeSpan duration)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(duration, TimeSpan.FromMilliseconds(1));
        ProfileHeader header = ProfileSource.ReadHeader(_file);
        RenewLease();
        if (header.Lease == 0)
        {
            Write(ProfileFields.LeaseEndModeOffset, (uint)header.Mode);
            Write(ProfileFields.LeaseEndIntervalOffset, header.SampleInterval);
        }

        Write(ProfileFields.LeaseOffset, (ulong)duration.TotalMilliseconds);
    }

    /// <summary>Begins the time of the lease anew.</summary>
    public void RenewLease() => Write(
        ProfileFields.LeaseRenewalsOffset, ProfileSource.ReadHeader(_file).LeaseRenewals + 1);

    /// <summary>Returns the process to what it recorded when the lease began.</summary>
    /// <param name="timeout">The longest time to wait for the process.</param>
    /// <returns>
    /// <see langword="true"/> if the process has done so; <see langword="false"/> if it does so at its next
    /// slow path.
    /// </returns>
    public bool EndLease(TimeSpan timeout)
    {
        ProfileHeader header = ProfileSource.ReadHeader(_file);
        RecordingCommand command = header.LeaseEndMode switch
        {
            ProfileMode.Sampled => RecordingCommand.Sample,
            ProfileMode.Exact => RecordingCommand.RecordAll,
            _ => RecordingCommand.Stop,
        };
        bool ended = Send(command, (long)header.LeaseEndInterval, timeout);
        Write(ProfileFields.LeaseOffset, 0ul);
        return ended;
    }

    /// <summary>Determines whether the process has yet to carry out a command.</summary>
    internal bool HasPendingCommand
    {
        get
        {
            ProfileHeader header = ProfileSource.ReadHeader(_file);
            return header.Acknowledged != header.Command;
        }
    }

    /// <summary>Gets a path by which this process can open the file, even if it was deleted.</summary>
    internal string DescriptorPath => $"/proc/self/fd/{_file.DangerousGetHandle()}";

    /// <summary>
    /// Releases the file to other controllers. The process continues to record, unless it has a lease.
    /// </summary>
    public void Dispose() => _file.Dispose();

    private void Write(long offset, uint value) =>
        RandomAccess.Write(_file, MemoryMarshal.AsBytes(new ReadOnlySpan<uint>(in value)), offset);

    private void Write(long offset, ulong value) =>
        RandomAccess.Write(_file, MemoryMarshal.AsBytes(new ReadOnlySpan<ulong>(in value)), offset);
}
