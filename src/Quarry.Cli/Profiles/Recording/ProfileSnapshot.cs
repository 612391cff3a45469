using System;
using System.IO;
using Quarry.Profiles;

namespace Quarry.Cli.Profiles.Recording;

/// <summary>Copies the profile of a running process, so that names can be added.</summary>
internal static class ProfileSnapshot
{
    private const int HeaderBytes = 4096;

    /// <summary>Copies a profile to a file that must not exist.</summary>
    internal static void Copy(string from, string to)
    {
        using FileStream source = new(from, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        using FileStream target = new(to, FileMode.CreateNew, FileAccess.Write);
        byte[] buffer = new byte[1 << 16];
        source.ReadExactly(buffer, 0, HeaderBytes);
        target.Write(buffer, 0, HeaderBytes);

        // The header states where the records end. They grow behind that, never before it, so an end that
        // is read later lies behind all that the copied header counts.
        long rest = ProfileFile.Open(from).FileBytes - HeaderBytes;
        while (rest > 0 && source.Read(buffer, 0, (int)Math.Min(rest, buffer.Length)) is > 0 and int read)
        {
            target.Write(buffer, 0, read);
            rest -= read;
        }
    }
}
