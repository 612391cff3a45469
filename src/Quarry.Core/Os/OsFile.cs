using System;

namespace Quarry;

/// <summary>
/// Files, by system calls: a program may have replaced <c>open</c>, and with one that allocates.
/// </summary>
internal static unsafe class OsFile
{
    private const int ReadOnly = 0, WriteOnly = 1, Create = 0x40, Truncate = 0x200, CloseOnExec = 0x80000;
    private const int OwnerWritesAllRead = 0x1a4; // 0644

    /// <summary>Reads a file from its start; returns the bytes read, 0 if it cannot be read.</summary>
    internal static nuint Read(ReadOnlySpan<byte> path, byte* buffer, nuint size)
    {
        nint descriptor;
        fixed (byte* name = path)
        {
            descriptor = LinuxOs.SystemCall(LinuxOs.CallOpen, (nint)name, ReadOnly | CloseOnExec, 0, 0, 0, 0);
        }

        nuint length = 0;
        while (descriptor >= 0 && length < size)
        {
            nint read = LinuxOs.SystemCall(
                LinuxOs.CallRead, descriptor, (nint)(buffer + length), (nint)(size - length), 0, 0, 0);
            if (read <= 0)
            {
                break;
            }

            length += (nuint)read;
        }

        Close(descriptor);
        return length;
    }

    /// <summary>
    /// Puts a file with these contents in the place of another in one step, so that no reader sees a half.
    /// </summary>
    internal static void Replace(byte* path, byte* temporaryPath, byte* bytes, nuint count)
    {
        const int Flags = WriteOnly | Create | Truncate | CloseOnExec;
        nint descriptor = LinuxOs.SystemCall(
            LinuxOs.CallOpen, (nint)temporaryPath, Flags, OwnerWritesAllRead, 0, 0, 0);
        if (descriptor >= 0)
        {
            LinuxOs.Write((int)descriptor, bytes, count);
            Close(descriptor);
            _ = LinuxOs.SystemCall(LinuxOs.CallRename, (nint)temporaryPath, (nint)path, 0, 0, 0, 0);
        }
    }

    private static void Close(nint descriptor)
    {
        if (descriptor >= 0)
        {
            _ = LinuxOs.SystemCall(LinuxOs.CallClose, descriptor, 0, 0, 0, 0, 0);
        }
    }
}
