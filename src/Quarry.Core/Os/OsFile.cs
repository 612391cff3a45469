using System;

namespace Quarry;

/// <summary>
/// Files, by system calls: a program may have replaced <c>open</c>, and with one that allocates.
/// </summary>
internal static unsafe class OsFile
{
    private const int ReadOnly = 0, WriteOnly = 1, Create = 0x40, Exclusive = 0x80, CloseOnExec = 0x80000;
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

    /// <summary>Creates a file with the given contents. A file or link of that name must not exist.</summary>
    /// <param name="path">The path, with a zero byte at the end.</param>
    /// <param name="contents">The contents.</param>
    /// <returns>False if there is no such file now, or one with only a part of the contents.</returns>
    internal static bool TryCreate(byte* path, ReadOnlySpan<byte> contents)
    {
        const int Flags = WriteOnly | Create | Exclusive | CloseOnExec;
        nint descriptor = LinuxOs.SystemCall(
            LinuxOs.CallOpen, (nint)path, Flags, OwnerWritesAllRead, 0, 0, 0);
        int length = 0;
        fixed (byte* bytes = contents)
        {
            while (descriptor >= 0 && length < contents.Length)
            {
                nint written = LinuxOs.SystemCall(
                    LinuxOs.CallWrite, descriptor, (nint)(bytes + length), contents.Length - length, 0, 0, 0);
                if (written <= 0)
                {
                    break;
                }

                length += (int)written;
            }
        }

        Close(descriptor);
        return descriptor >= 0 && length == contents.Length;
    }

    /// <summary>Renames a file; one that has the new name already is replaced atomically.</summary>
    internal static bool TryRename(byte* path, byte* newPath) =>
        LinuxOs.SystemCall(LinuxOs.CallRename, (nint)path, (nint)newPath, 0, 0, 0, 0) == 0;

    /// <summary>Deletes a file, if there is one.</summary>
    internal static void Delete(byte* path) =>
        _ = LinuxOs.SystemCall(LinuxOs.CallUnlink, (nint)path, 0, 0, 0, 0, 0);

    private static void Close(nint descriptor)
    {
        if (descriptor >= 0)
        {
            _ = LinuxOs.SystemCall(LinuxOs.CallClose, descriptor, 0, 0, 0, 0, 0);
        }
    }
}
