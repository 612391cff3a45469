using System;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Quarry.Profiles;

/// <summary>Enumerates the records of a profile, and checks that each lies within it.</summary>
internal ref struct ProfileRecords(ReadOnlySpan<byte> bytes, uint headerSize)
{
    /// <summary>The alignment of records, in bytes.</summary>
    internal const int Alignment = 16;

    private readonly ReadOnlySpan<byte> _bytes = bytes;
    private int _next = (int)headerSize;

    /// <summary>The offset of the current record in the file.</summary>
    internal int Offset { get; private set; }

    internal ProfileRecord Record { get; private set; }

    /// <summary>The offset of the contents of the current record.</summary>
    internal readonly int ContentsOffset => Offset + Unsafe.SizeOf<ProfileRecord>();

    /// <summary>The contents of the current record.</summary>
    internal readonly ReadOnlySpan<byte> Contents =>
        _bytes.Slice(ContentsOffset, (int)Record.Size - Unsafe.SizeOf<ProfileRecord>());

    internal bool Next()
    {
        int left = _bytes.Length - _next;
        if (left == 0)
        {
            return false;
        }

        if (left < Unsafe.SizeOf<ProfileRecord>())
        {
            throw Damaged(_next, $"its last record has {left} bytes");
        }

        ProfileRecord record = MemoryMarshal.Read<ProfileRecord>(_bytes[_next..]);
        if (record.Kind == ProfileRecordKind.None)
        {
            return false;
        }

        if (record.Size < Unsafe.SizeOf<ProfileRecord>() || record.Size > left ||
            record.Size % Alignment != 0)
        {
            throw Damaged(_next, $"a record of {record.Size} bytes, where {left} are left");
        }

        (Offset, Record) = (_next, record);
        _next += (int)record.Size;
        return true;
    }

    /// <summary>The entries of the current record, from an offset in its contents on.</summary>
    internal readonly ReadOnlySpan<T> Entries<T>(int start = 0)
        where T : unmanaged => MemoryMarshal.Cast<byte, T>(Contents[start..]);

    /// <summary>The structure at the beginning of the contents.</summary>
    internal readonly T Head<T>()
        where T : unmanaged => Contents.Length >= Unsafe.SizeOf<T>()
            ? MemoryMarshal.Read<T>(Contents)
            : throw Damaged(Offset, $"a record of kind {Record.Kind} with {Record.Size} bytes");

    internal static ProfileFormatException Damaged(long offset, string what) =>
        new($"the profile is damaged at byte {offset}: {what}");
}
