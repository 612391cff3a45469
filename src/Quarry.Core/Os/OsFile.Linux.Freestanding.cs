using System;

namespace Quarry;

/// <summary>
/// Reads and writes files by system calls, because the program's own <c>open</c> may allocate.
/// </summary>
internal static unsafe class OsFile
{
    private const int ReadOnly = 0, WriteOnly = 1, Create = 0x40, Exclusive = 0x80, AppendOnly = 0x400;
    private const int CloseOnExec = 0x80000;
    private const int OwnerWritesAllRead = 0x1a4; // 0644
    private const int OwnerOnly = 0x180; // 0600

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

    /// <summary>Tries to create a file; fails if a file or link of that name exists.</summary>
    /// <param name="path">The path, zero-terminated.</param>
    /// <param name="contents">The contents of the file.</param>
    /// <returns>False if the file was not created, or its contents are incomplete.</returns>
    internal static bool TryCreate(byte* path, ReadOnlySpan<byte> contents)
    {
        const int Flags = WriteOnly | Create | Exclusive | CloseOnExec;
        return TryWrite(Os.Linux.Open(path, Flags, OwnerWritesAllRead), contents);
    }

    /// <summary>
    /// Tries to append to a file, which is created for the owner only if it does not exist.
    /// </summary>
    /// <param name="path">The path, zero-terminated.</param>
    /// <param name="contents">What to append, with one call.</param>
    /// <returns>False if the file cannot be opened, or the contents are incomplete.</returns>
    internal static bool TryAppend(byte* path, ReadOnlySpan<byte> contents)
    {
        const int Flags = WriteOnly | Create | AppendOnly | CloseOnExec;
        return TryWrite(Os.Linux.Open(path, Flags, OwnerOnly), contents);
    }

    /// <summary>Tries to rename a file, atomically replacing an existing file of the new name.</summary>
    internal static bool TryRename(byte* path, byte* newPath) => Os.Linux.Rename(path, newPath);

    /// <summary>Deletes a file if it exists.</summary>
    internal static void Delete(byte* path) => Os.Linux.Delete(path);

    private static bool TryWrite(nint descriptor, ReadOnlySpan<byte> contents)
    {
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
        return written;
    }
}
