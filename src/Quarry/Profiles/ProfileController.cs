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

    /// <summary>Releases the file to other controllers. The process continues to record.</summary>
    public void Dispose() => _file.Dispose();

    private void Write(long offset, ulong value) =>
        RandomAccess.Write(_file, MemoryMarshal.AsBytes(new ReadOnlySpan<ulong>(in value)), offset);
}
