using System;
using System.IO;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Quarry.Profiles;

/// <summary>Adds a record to the profile of a process that has ended.</summary>
internal static class ProfileAppender
{
    internal static void Append(string path, ProfileRecordKind kind, ReadOnlySpan<byte> contents)
    {
        using SafeFileHandle file = UnlockedFile.Open(path, FileAccess.ReadWrite);
        if (!UnlockedFile.TryLock(file))
        {
            throw new IOException($"Another program is adding to '{path}' or controlling its process.");
        }

        ProfileHeader header = ProfileSource.ReadHeader(file);
        int used = Unsafe.SizeOf<ProfileRecord>() + contents.Length;
        int size = (used + ProfileRecords.Alignment - 1) & -ProfileRecords.Alignment;
        byte[] bytes = new byte[size];
        ProfileRecord record = new() { Kind = kind, Size = (uint)size, Time = header.EndTime };
        MemoryMarshal.Write(bytes, record);
        contents.CopyTo(bytes.AsSpan(Unsafe.SizeOf<ProfileRecord>()));
        RandomAccess.Write(file, bytes, (long)header.End);

        // Last: a reader takes the record only when the end lies behind it.
        ulong end = header.End + (ulong)size;
        RandomAccess.Write(
            file, MemoryMarshal.AsBytes(new ReadOnlySpan<ulong>(in end)), ProfileFields.EndOffset);
    }
}
