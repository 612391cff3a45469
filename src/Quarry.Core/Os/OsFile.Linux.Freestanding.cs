using System;

namespace Quarry;

/// <summary>
/// Reads and writes files by system calls, because the program's own <c>open</c> may allocate.
/// </summary>
internal static unsafe class OsFile
{
    private const int ReadOnly = 0, WriteOnly = 1, Create = 0x40, Truncate = 0x200, CloseOnExec = 0x80000;
    private const int OwnerWritesAllRead = 0x1a4; // 0644

    /// <summary>Reads a file from its start.</summary>
    /// <param name="path">The path, zero-terminated.</param>
    /// <param name="buffer">The memory for the contents.</param>
    /// <param name="size">The size of that memory, in bytes.</param>
    /// <returns>The number of bytes read; 0 if the file cannot be read.</returns>
    internal static nuint Read(ReadOnlySpan<byte> path, byte* buffer, nuint size)
    {
        nint descriptor;
        fixed (byte* name = path)
        {
            descriptor = Os.Linux.Open(name, ReadOnly | CloseOnExec, 0);
        }

        if (descriptor < 0)
        {
            return 0;
        }

        nuint length = 0;
        while (length < size)
        {
            nint read = Os.Linux.Read(descriptor, buffer + length, size - length);
            if (read <= 0)
            {
                break;
            }

            length += (nuint)read;
        }

        Os.Linux.Close(descriptor);
        return length;
    }

    /// <summary>Replaces a file atomically: a reader finds the old contents or the new ones.</summary>
    /// <param name="path">The path, zero-terminated.</param>
    /// <param name="temporaryPath">
    /// The path of a file in the same folder that no other thread writes meanwhile, zero-terminated.
    /// </param>
    /// <param name="contents">The new contents.</param>
    /// <returns>False if the contents could not be written; the file is then as it was.</returns>
    internal static bool Replace(byte* path, byte* temporaryPath, ReadOnlySpan<byte> contents)
    {
        const int Flags = WriteOnly | Create | Truncate | CloseOnExec;
        nint descriptor = Os.Linux.Open(temporaryPath, Flags, OwnerWritesAllRead);
        if (descriptor < 0)
        {
            return false;
        }

        bool written;
        fixed (byte* bytes = contents)
        {
            written = Os.Write((int)descriptor, bytes, (nuint)contents.Length);
        }

        Os.Linux.Close(descriptor);
        return written && Os.Linux.Rename(temporaryPath, path);
    }
}
