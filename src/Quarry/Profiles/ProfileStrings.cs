using System;
using System.Collections.Generic;
using System.Runtime.CompilerServices;
using System.Text;

namespace Quarry.Profiles;

/// <summary>Reads strings, and has the sizes of what precedes them.</summary>
internal static class ProfileStrings
{
    internal static int ModuleBytes => Unsafe.SizeOf<ProfileModule>();

    internal static int StackBytes => Unsafe.SizeOf<ProfileStack>();

    /// <summary>A length, padded to a multiple of 8 bytes.</summary>
    internal static long Padded(uint length) => (length + 7L) & ~7L;

    /// <summary>Paths need not be UTF-8; what is not is replaced.</summary>
    internal static string Text(ReadOnlySpan<byte> bytes) => Encoding.UTF8.GetString(bytes);

    /// <summary>
    /// The strings that end with a 0 byte. Empty ones at the end look like the padding of the record and are
    /// left out.
    /// </summary>
    internal static string[] Terminated(ReadOnlySpan<byte> bytes)
    {
        List<string> strings = [];
        bytes = bytes.TrimEnd((byte)0);
        while (!bytes.IsEmpty)
        {
            int end = bytes.IndexOf((byte)0);
            strings.Add(Text(end < 0 ? bytes : bytes[..end]));
            bytes = end < 0 ? [] : bytes[(end + 1)..];
        }

        return [.. strings];
    }
}
