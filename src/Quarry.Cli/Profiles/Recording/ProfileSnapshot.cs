using System;
using System.IO;
using Microsoft.Win32.SafeHandles;
using Quarry.Profiles;

namespace Quarry.Cli.Profiles.Recording;

/// <summary>Copies the profile of a running process, so that names can be added.</summary>
internal static class ProfileSnapshot
{
    private const int HeaderBytes = 4096;

    /// <summary>Copies a profile to a file that must not exist.</summary>
    internal static void Copy(string from, string to)
    {
        // Without a lock, which controllers of the process hold.
        using SafeFileHandle source = UnlockedFile.Open(from, FileAccess.Read);
        using FileStream target = new(to, FileMode.CreateNew, FileAccess.Write);
        byte[] buffer = new byte[1 << 16];
        target.Write(buffer, 0, RandomAccess.Read(source, buffer.AsSpan(0, HeaderBytes), 0));

        // The header states where the records end. They grow behind that, never before it, so an end that
        // is read later lies behind all that the copied header counts.
        long end = ProfileFile.Open(from).FileBytes;
        long offset = HeaderBytes;
        while (offset < end)
        {
            Span<byte> part = buffer.AsSpan(0, (int)Math.Min(end - offset, buffer.Length));
            int read = RandomAccess.Read(source, part, offset);
            if (read == 0)
            {
                break;
            }

            target.Write(buffer, 0, read);
            offset += read;
        }
    }
}
