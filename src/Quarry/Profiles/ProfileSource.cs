using System;
using System.IO;
using System.Runtime.InteropServices;
using System.Threading;
using Microsoft.Win32.SafeHandles;

namespace Quarry.Profiles;

/// <summary>Provides the bytes of a profile: the header, the records, and parts of them again.</summary>
/// <remarks>
/// The file is read, not mapped: a mapping of a file that another process cuts off raises SIGBUS. A read may
/// overlap with writes of the process; aligned 64-bit numbers arrive whole, because the kernel copies words.
/// </remarks>
internal sealed class ProfileSource : IDisposable
{
    // A process that adds records faster than they are read must not keep the reader for ever.
    private const int MaxRounds = 16;

    private readonly SafeFileHandle? _file;
    private ReadOnlyMemory<byte> _bytes;

    private ProfileSource(SafeFileHandle? file) => _file = file;

    internal ReadOnlySpan<byte> Bytes => _bytes.Span;

    internal ReadOnlyMemory<byte> Memory => _bytes;

    /// <summary>The header, as of the time after all records were read.</summary>
    internal ProfileHeader Header { get; private set; }

    internal static ProfileSource Of(ReadOnlyMemory<byte> contents)
    {
        ProfileSource source = new(null);
        source.Header = CheckHeader(contents.Span[..Math.Min(contents.Length, ProfileHeader.Bytes)],
            contents.Length);
        source._bytes = contents[..(int)source.Header.End];
        return source;
    }

    internal static ProfileSource Open(string path)
    {
        SafeFileHandle file = UnlockedFile.Open(path, FileAccess.Read);
        ProfileSource source = new(file);
        try
        {
            source.ReadAll(file);
            return source;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Reads a part again, into <paramref name="target"/>.</summary>
    internal void ReadAgain(int offset, Span<byte> target)
    {
        if (_file is null)
        {
            Bytes.Slice(offset, target.Length).CopyTo(target);
        }
        else
        {
            ReadExactly(_file, offset, target);
        }
    }

    public void Dispose() => _file?.Dispose();

    private void ReadAll(SafeFileHandle file)
    {
        ProfileHeader header = ReadHeader(file);
        byte[] bytes = new byte[header.End];
        int filled = 0;
        for (int round = 0; filled < bytes.Length && round < MaxRounds; round++)
        {
            ReadExactly(file, filled, bytes.AsSpan(filled));
            filled = bytes.Length;

            // Sites are published after their stacks, so the stacks of the sites just read lie before the end
            // that the header has now.
            header = ReadHeader(file);
            if ((int)header.End > filled)
            {
                Array.Resize(ref bytes, (int)header.End);
            }
        }

        Header = header;
        _bytes = bytes.AsMemory(0, filled);
    }

    internal static ProfileHeader ReadHeader(SafeFileHandle file)
    {
        Span<byte> bytes = stackalloc byte[ProfileHeader.Bytes];
        int length = ReadUpTo(file, 0, bytes);

        // The kernel copies without an order: what the end implies is read behind a fence. Pairs with
        // ProfileFile.EndRecord in the process.
        Interlocked.MemoryBarrier();
        return CheckHeader(bytes[..length], RandomAccess.GetLength(file));
    }

    private static ProfileHeader CheckHeader(ReadOnlySpan<byte> bytes, long fileLength)
    {
        ProfileSignature.Check(bytes);
        if (bytes.Length < ProfileHeader.Bytes)
        {
            throw new ProfileFormatException(
                $"the profile is cut off: it has {bytes.Length} bytes, less than its header");
        }

        ProfileHeader header = MemoryMarshal.Read<ProfileHeader>(bytes);
        if (header.Version != ProfileHeader.CurrentVersion)
        {
            throw new ProfileFormatException(
                $"the profile has version {header.Version}; expected {ProfileHeader.CurrentVersion}");
        }

        bool ordered = header.HeaderSize >= ProfileHeader.Bytes && header.HeaderSize <= header.End;
        if (!ordered || header.HeaderSize % ProfileRecords.Alignment != 0)
        {
            throw new ProfileFormatException(
                $"the profile is damaged: its header has {header.HeaderSize} bytes, its end is {header.End}");
        }

        if (header.End > (ulong)fileLength)
        {
            throw new ProfileFormatException(
                $"the profile is cut off: it has {fileLength} bytes instead of {header.End}");
        }

        return header.End <= (ulong)Array.MaxLength ? header : throw new ProfileFormatException(
            $"the profile has {header.End} bytes; at most {Array.MaxLength} can be read");
    }

    private static void ReadExactly(SafeFileHandle file, long offset, Span<byte> target)
    {
        int length = ReadUpTo(file, offset, target);
        if (length < target.Length)
        {
            throw new ProfileFormatException($"the profile is cut off at {offset + length} bytes");
        }
    }

    private static int ReadUpTo(SafeFileHandle file, long offset, Span<byte> target)
    {
        int filled = 0;
        while (filled < target.Length &&
            RandomAccess.Read(file, target[filled..], offset + filled) is > 0 and int count)
        {
            filled += count;
        }

        return filled;
    }
}
